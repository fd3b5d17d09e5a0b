package dev.dragoman.connectors.opensearch;

import dev.dragoman.connectors.opensearch.BulkClient.Answer;
import dev.dragoman.connectors.opensearch.BulkClient.Entry;
import dev.dragoman.connectors.opensearch.BulkClient.Verdict;
import dev.dragoman.operators.metrics.MetricNames;
import dev.dragoman.operators.record.Failure;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gathers elements into bulks and sends them; no bulk outlives its bundle. */
final class SendBulks<T> extends DoFn<T, Rejected> {
  private static final long serialVersionUID = 1;

  private static final Logger LOG = LoggerFactory.getLogger(SendBulks.class);

  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;

  private final Sent<T> sent;
  private final Server server;

  private final Counter written;
  private final Counter outdated;
  private final Counter triedAgain;
  private final Distribution sizes;
  private final Distribution times;

  private transient @Nullable BulkClient client;
  private transient boolean indexExists;
  private transient List<Pending<T>> pending = new ArrayList<>();
  private transient long pendingBytes;

  /** An element on its way. */
  private record Pending<T>(T element, Entry entry) {}

  SendBulks(String step, Sent<T> sent, Server server) {
    this.sent = sent;
    this.server = server;
    this.written = MetricNames.counter(step, "written");
    this.outdated = MetricNames.counter(step, "outdated");
    this.triedAgain = MetricNames.counter(step, "tried_again");
    this.sizes = MetricNames.distribution(step, "bulk_documents");
    this.times = MetricNames.distribution(step, "bulk_millis");
  }

  @StartBundle
  public void start() {
    pending = new ArrayList<>();
    pendingBytes = 0;
  }

  @ProcessElement
  public void process(
      @Element T element, @Timestamp Instant timestamp, OutputReceiver<Rejected> out)
      throws IOException {
    byte[] json = sent.json(element, timestamp);
    Optional<String> id = sent.id(element, json);
    if (id.isEmpty()) {
      out.output(rejected(element, json, RejectionCode.BAD_ROW, sent.missing(), 1));
      return;
    }
    if (!pending.isEmpty() && pendingBytes + json.length > server.batchBytes()) {
      flush(out::output);
    }
    // Versions are not negative; what has no time is older than all that has.
    long version = Math.max(0, timestamp.getMillis());
    pending.add(new Pending<>(element, new Entry(id.get(), version, json)));
    pendingBytes += json.length;
    if (pending.size() >= server.batch()) {
      flush(out::output);
    }
  }

  @FinishBundle
  public void finish(FinishBundleContext context) throws IOException {
    flush(rejected ->
        context.output(rejected, GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE));
  }

  @Teardown
  public void close() throws IOException {
    if (client != null) {
      client.close();
      client = null;
    }
  }

  private void flush(Consumer<Rejected> out) throws IOException {
    List<Pending<T>> bulk = pending;
    pending = new ArrayList<>();
    pendingBytes = 0;
    if (!bulk.isEmpty()) {
      long start = System.nanoTime();
      sizes.update(bulk.size());
      send(bulk, out);
      times.update((System.nanoTime() - start) / 1_000_000);
    }
  }

  /** Sends a bulk until every element of it is indexed or refused. */
  private void send(List<Pending<T>> bulk, Consumer<Rejected> out) throws IOException {
    BulkClient to = client();
    long deadline = System.nanoTime() + server.retryFor().toNanos();
    List<Pending<T>> left = bulk;
    for (int attempt = 1; !left.isEmpty(); attempt++) {
      switch (ask(to, left)) {
        case Answer.Each each -> {
          List<Pending<T>> busy = new ArrayList<>();
          String why = settle(left, each.verdicts(), attempt, busy, out);
          left = busy;
          if (!left.isEmpty()) {
            pause(attempt, deadline, why);
          }
        }
        case Answer.Busy busy -> pause(attempt, deadline, busy.why());
        case Answer.TooLong _ -> {
          sendShorter(left, attempt, out);
          left = List.of();
        }
      }
    }
  }

  private void sendShorter(List<Pending<T>> bulk, int attempt, Consumer<Rejected> out)
      throws IOException {
    if (bulk.size() > 1) {
      int half = bulk.size() / 2;
      send(bulk.subList(0, half), out);
      send(bulk.subList(half, bulk.size()), out);
      return;
    }
    Pending<T> only = bulk.getFirst();
    byte[] json = only.entry.json();
    out.accept(
        rejected(
            only.element,
            json,
            RejectionCode.TOO_LARGE,
            "the server takes no request of "
                + json.length
                + " bytes; raise its http.max_content_length, or send fewer columns with"
                + " 'include'",
            attempt));
  }

  /** Makes the index if that was not done yet, then sends. */
  private Answer ask(BulkClient to, List<Pending<T>> bulk) {
    String mapping = server.mapping();
    if (mapping != null && !indexExists) {
      if (to.createIndex(mapping) instanceof Answer.Busy busy) {
        return busy;
      }
      indexExists = true;
    }
    return to.send(bulk.stream().map(Pending::entry).toList());
  }

  /** Counts and rejects; answers why those are busy that are to be tried again. */
  private String settle(
      List<Pending<T>> bulk,
      List<Verdict> verdicts,
      int attempt,
      List<Pending<T>> busy,
      Consumer<Rejected> out) {
    String why = "";
    for (int i = 0; i < bulk.size(); i++) {
      Pending<T> each = bulk.get(i);
      Verdict verdict = verdicts.get(i);
      switch (verdict.fate()) {
        case DONE -> written.inc();
        case OUTDATED -> outdated.inc();
        case BUSY -> {
          busy.add(each);
          why = verdict.words();
        }
        case REFUSED ->
            out.accept(
                rejected(
                    each.element,
                    each.entry.json(),
                    RejectionCode.REFUSED,
                    "OpenSearch refuses it: " + verdict.words(),
                    attempt));
      }
    }
    return why;
  }

  private Rejected rejected(
      T element, byte[] json, RejectionCode code, String message, int attempts) {
    return new Rejected(
        sent.document(element, json), new Failure(code, WriteOpenSearch.NAME, message, attempts));
  }

  private void pause(int attempt, long deadline, String why) throws IOException {
    triedAgain.inc();
    if (System.nanoTime() > deadline) {
      throw new IOException(
          "OpenSearch (%s) took nothing for %s: %s".formatted(server, server.retryFor(), why));
    }
    long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempt - 1, 10));
    LOG.warn("OpenSearch ({}) is busy or away, trying again: {}", server, why);
    try {
      Thread.sleep(pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for OpenSearch", e);
    }
  }

  private BulkClient client() {
    BulkClient open = client;
    if (open == null) {
      open = new BulkClient(server);
      client = open;
    }
    return open;
  }
}
