package dev.dragoman.connectors.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.dragoman.connectors.json.RowJson;
import dev.dragoman.operators.metrics.MetricNames;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Failure;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.Row;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Posts one row after the other and waits for each answer, so that a slow receiver slows it. */
final class Post extends DoFn<Row, Rejected> {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(Post.class);
  private static final Duration FIRST_WAIT = Duration.ofMillis(200);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final int MOST_OF_AN_ANSWER = 300;

  private final WriteWebhook.Config config;
  private final String id;
  private final Counter written;
  private final Counter triedAgain;
  private transient @Nullable HttpClient client;

  Post(String step, WriteWebhook.Config config, String id) {
    this.written = MetricNames.counter(step, "written");
    this.triedAgain = MetricNames.counter(step, "tried_again");
    this.config = config;
    this.id = id;
  }

  @Setup
  public void open() {
    client =
        HttpClient.newBuilder()
            .connectTimeout(config.timeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  @Teardown
  public void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }

  /** What came of one try. */
  private sealed interface Answer {
    record Taken() implements Answer {}

    record Refused(String why) implements Answer {}

    record Later(String why, Duration atLeast) implements Answer {}
  }

  @ProcessElement
  public void post(@Element Row row, OutputReceiver<Rejected> out) throws IOException {
    String body = RowJson.text(row);
    HttpRequest request = request(row, body);
    long start = System.nanoTime();
    Duration wait = FIRST_WAIT;
    for (int attempts = 1; ; attempts++) {
      switch (send(request)) {
        case Answer.Taken _ -> {
          written.inc();
          return;
        }
        case Answer.Refused(String why) -> {
          out.output(rejected(row, body, why, attempts));
          return;
        }
        case Answer.Later(String why, Duration atLeast) -> {
          if (System.nanoTime() - start > config.patience().toNanos()) {
            throw new IOException(
                "the webhook at "
                    + request.uri().getHost()
                    + " has not taken a row in "
                    + attempts
                    + " attempts: "
                    + why);
          }
          triedAgain.inc();
          LOG.warn("The webhook at {} {}; trying again", request.uri().getHost(), why);
          pause(wait.compareTo(atLeast) < 0 ? atLeast : wait);
          wait =
              wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0
                  ? LONGEST_WAIT
                  : wait.multipliedBy(2);
        }
      }
    }
  }

  private HttpRequest request(Row row, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(config.url()))
            .timeout(config.timeout())
            .header("Content-Type", "application/json; charset=utf-8")
            .POST(HttpRequest.BodyPublishers.ofString(body, UTF_8));
    config.headers().forEach(request::header);
    String key = key(row);
    if (!key.isEmpty()) {
      request.header("Idempotency-Key", key);
    }
    return request.build();
  }

  private String key(Row row) {
    Object value = id.isEmpty() ? null : row.getValue(id);
    return value == null ? "" : value.toString();
  }

  private Answer send(HttpRequest request) throws IOException {
    try {
      HttpResponse<InputStream> response =
          requireNonNull(client).send(request, HttpResponse.BodyHandlers.ofInputStream());
      int status = response.statusCode();
      String answer;
      try (InputStream in = response.body()) {
        answer = new String(in.readNBytes(MOST_OF_AN_ANSWER), UTF_8).strip();
      }
      if (status / 100 == 2) {
        return new Answer.Taken();
      }
      String why = "answered " + status + (answer.isEmpty() ? "" : ": " + answer);
      return status / 100 == 5 || status == 429 || status == 408 || status == 425
          ? new Answer.Later(why, retryAfter(response))
          : new Answer.Refused(why);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while waiting for the webhook");
    } catch (IOException e) {
      return new Answer.Later(
          "cannot be reached (" + e.getClass().getSimpleName() + ": " + e.getMessage() + ")",
          Duration.ZERO);
    }
  }

  /** What the receiver asks for, in seconds, within reason. */
  private static Duration retryAfter(HttpResponse<?> response) {
    String seconds = response.headers().firstValue("Retry-After").orElse("");
    if (!seconds.matches("\\d{1,6}")) {
      return Duration.ZERO;
    }
    Duration asked = Duration.ofSeconds(Long.parseLong(seconds));
    return asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
  }

  /** Not all workers at the same moment. */
  private static void pause(Duration wait) throws IOException {
    try {
      Thread.sleep(wait.toMillis() + ThreadLocalRandom.current().nextLong(FIRST_WAIT.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while waiting to try the webhook again");
    }
  }

  private Rejected rejected(Row row, String body, String why, int attempts) {
    URI source = URI.create("row:" + WriteWebhook.NAME + "/" + safe(key(row)));
    return new Rejected(
        Document.ofText(source, "application/json", body),
        new Failure(
            RejectionCode.REFUSED,
            WriteWebhook.NAME,
            "the receiver "
                + why
                + "; see what it wants, mend the recipe or the receiver, and send the row again",
            attempts));
  }

  private static String safe(String key) {
    return key.replaceAll("[^A-Za-z0-9._-]", "-");
  }
}
