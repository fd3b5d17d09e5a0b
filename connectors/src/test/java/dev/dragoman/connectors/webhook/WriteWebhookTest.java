package dev.dragoman.connectors.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.dragoman.connectors.Samples;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.coder.DocumentCoder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a real server on this machine. */
@Timeout(60)
class WriteWebhookTest {
  private static final Schema ALERT =
      Schema.builder().addStringField("alert_id").addStringField("message").build();

  private record Received(String key, String authorization, JsonNode body) {}

  private final Queue<Received> received = new ConcurrentLinkedQueue<>();
  private final Map<String, Integer> tries = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/hook", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** Answers as the message asks, with what it says for the first time and 200 from then on. */
  private void answer(HttpExchange exchange) throws IOException {
    JsonNode body = new ObjectMapper().readTree(exchange.getRequestBody());
    String message = body.path("message").asText("ok");
    int attempt = tries.merge(body.path("alert_id").asText(), 1, Integer::sum);
    if (message.startsWith("once") && attempt == 1) {
      reply(exchange, Integer.parseInt(message.substring("once ".length())), "not now");
    } else if (message.startsWith("always")) {
      reply(exchange, Integer.parseInt(message.substring("always ".length())), "no such field");
    } else if (message.equals("hang up") && attempt == 1) {
      exchange.close();
    } else if (message.equals("hang") && attempt == 1) {
      pause();
      exchange.close();
    } else {
      received.add(
          new Received(
              exchange.getRequestHeaders().getFirst("Idempotency-Key"),
              String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
              body));
      reply(exchange, 204, "");
    }
  }

  private static void pause() {
    try {
      Thread.sleep(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void reply(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private WriteWebhook.Config config(String more) throws IOException {
    return Configs.configure(
        WriteWebhook.Config.class,
        new ObjectMapper()
            .readTree(
                ("{'url': 'http://127.0.0.1:"
                        + server.getAddress().getPort()
                        + "/hook'"
                        + more
                        + "}")
                    .replace('\'', '"')));
  }

  private static PCollection<Row> alerts(Pipeline pipeline, String... messages) {
    List<Row> rows =
        List.of(messages).stream()
            .map(message -> Row.withSchema(ALERT).addValues("id of " + message, message).build())
            .toList();
    return pipeline.apply(Create.of(rows).withRowSchema(ALERT));
  }

  private List<String> messages() {
    return received.stream().map(each -> each.body.path("message").asText()).sorted().toList();
  }

  @Test
  void everyRowArrivesWithItsKeyAlsoWhenTheReceiverStumbles() throws Exception {
    Pipeline pipeline = Samples.pipeline();
    PAssert.that(
            alerts(pipeline, "fine", "once 503", "once 429", "hang up", "hang")
                .apply(WriteWebhook.rows("WriteWebhook", config(", 'timeout': '1s'"))))
        .empty();
    pipeline.run().waitUntilFinish();
    assertThat(messages()).containsExactly("fine", "hang", "hang up", "once 429", "once 503");
    assertThat(received)
        .allSatisfy(
            each -> assertThat(each.key).isEqualTo("id of " + each.body.path("message").asText()));
  }

  @Test
  void whatTheReceiverRefusesIsADeadLetterAndTheOthersGoOn() throws Exception {
    Pipeline pipeline = Samples.pipeline();
    PAssert.that(
            alerts(pipeline, "fine", "always 422", "always 301")
                .apply(WriteWebhook.rows("WriteWebhook", config(""))))
        .satisfies(rejected -> {
          assertThat(rejected)
              .hasSize(2)
              .allSatisfy(each -> {
                assertThat(each.failure().code()).isEqualTo(RejectionCode.REFUSED);
                assertThat(each.failure().message()).contains("answered");
                assertThat(each.document().text()).contains("\"alert_id\":\"id of always");
              });
          return null;
        });
    pipeline.run().waitUntilFinish();
    assertThat(messages()).containsExactly("fine");
  }

  @Test
  void aReceiverThatStaysAwayFailsTheJob() throws Exception {
    Pipeline pipeline = Samples.pipeline();
    alerts(pipeline, "always 503")
        .apply(WriteWebhook.rows("WriteWebhook", config(", 'patience': '1s'")));
    assertThatThrownBy(() -> pipeline.run().waitUntilFinish())
        .hasStackTraceContaining("has not taken a row in")
        .hasStackTraceContaining("answered 503: no such field");
  }

  @Test
  void documentsGoAsTheirRows() throws Exception {
    Document document = Document.ofText(URI.create("urn:x:1"), "text/plain", "hallo");
    Pipeline pipeline = Samples.pipeline();
    pipeline
        .apply(Create.of(document).withCoder(DocumentCoder.of()))
        .apply(WriteWebhook.documents("WriteWebhook", config("")));
    pipeline.run().waitUntilFinish();
    assertThat(received).hasSize(1);
    assertThat(received.element().key).isEqualTo(document.id().value());
    assertThat(received.element().body.path("text").asText()).isEqualTo("hallo");
  }

  @Test
  void secretsComeFromTheEnvironmentAndAreNotShown() throws Exception {
    WriteWebhook.Config config = config(", 'headers': {'Authorization': 'Bearer ${PATH}'}");
    Pipeline pipeline = Samples.pipeline();
    alerts(pipeline, "fine").apply(WriteWebhook.rows("WriteWebhook", config));
    pipeline.run().waitUntilFinish();
    assertThat(received.element().authorization).isEqualTo("Bearer " + System.getenv("PATH"));
    assertThat(config.toString()).contains("Authorization").doesNotContain(System.getenv("PATH"));
    assertThatThrownBy(() -> config(", 'headers': {'X': '${NO_SUCH_VARIABLE_HERE}'}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("NO_SUCH_VARIABLE_HERE, which is not set");
  }

  @Test
  void wrongConfigurationsAreRefused() throws Exception {
    assertThatThrownBy(() ->
            Configs.configure(
                WriteWebhook.Config.class, new ObjectMapper().readTree("{\"url\":\"example\"}")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must be an http or https address");
    WriteWebhook.Config config = config(", 'id': 'nummer'");
    assertThatThrownBy(() -> config.check(ALERT))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no column 'nummer'");
  }
}
