package dev.dragoman.tests.sinks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.connectors.opensearch.WriteOpenSearch;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.coder.DocumentCoder;
import dev.dragoman.tests.opensearch.OpenSearchServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a real OpenSearch. */
@Timeout(400)
class WriteOpenSearchTest {
  private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

  /** What the runs reject. */
  private static final Queue<Rejected> REJECTED = new ConcurrentLinkedQueue<>();

  @TempDir static Path folder;

  private static OpenSearchServer server;

  @BeforeAll
  static void start() throws Exception {
    server = OpenSearchServer.start(folder);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void forget() {
    REJECTED.clear();
  }

  @Test
  void documentHasTheColumnsOfItsRow() throws Exception {
    Document document =
        field(field(ticket("1", "printer is on fire"), "ticket_id", "T-1"), "amount", "12");
    write("columns", "'embedding': true", at(document, 0));

    JsonNode source = server.get("/columns/_doc/" + document.id().value()).path("_source");
    assertThat(source.path("text").asText()).isEqualTo("printer is on fire");
    assertThat(source.path("event_time").asText()).isEqualTo("2026-01-05T12:00:00Z");
    assertThat(source.path("fields").path("ticket_id").asText()).isEqualTo("T-1");
    JsonNode properties = server.get("/columns").at("/columns/mappings/properties");
    assertThat(properties.at("/text/type").asText()).isEqualTo("text");
    assertThat(properties.at("/language/type").asText()).isEqualTo("keyword");
    assertThat(properties.at("/event_time/type").asText()).isEqualTo("date");
    assertThat(properties.at("/embedding/type").asText()).isEqualTo("float");
    assertThat(REJECTED).isEmpty();
  }

  @Test
  void newestVersionOfATicketStaysWhateverTheOrder() throws Exception {
    Document first = field(ticket("a", "open"), "ticket_id", "T-7");
    Document second = field(ticket("b", "closed"), "ticket_id", "T-7");
    write("versions", "'id': 'ticket_id'", at(second, 60));
    write("versions", "'id': 'ticket_id'", at(first, 0));
    write("versions", "'id': 'ticket_id'", at(second, 60));

    assertThat(server.count("versions")).isEqualTo(1);
    assertThat(server.get("/versions/_doc/T-7").at("/_source/text").asText()).isEqualTo("closed");
  }

  @Test
  void whatDoesNotFitTheMappingIsRejectedAndTheRestIsIndexed() throws Exception {
    assertThat(
            server
                .post("/strict/_doc/seed?refresh=true", "{\"fields\": {\"amount\": 1}}")
                .path("result")
                .asText())
        .isEqualTo("created");
    Document good = field(ticket("1", "a number"), "amount", "17");
    Document bad = field(ticket("2", "no number"), "amount", "seventeen");
    Document without = ticket("3", "neither");
    write("strict", "'batch': 2, 'mapping': 'none'", at(good, 0), at(bad, 1), at(without, 2));

    assertThat(server.count("strict")).isEqualTo(3);
    assertThat(REJECTED).hasSize(1);
    Rejected rejected = REJECTED.remove();
    assertThat(rejected.document()).isEqualTo(bad);
    assertThat(rejected.failure().code()).isEqualTo(RejectionCode.REFUSED);
    assertThat(rejected.failure().message())
        .contains("mapper_parsing_exception")
        .contains("fields.amount")
        .contains("seventeen");
  }

  @Test
  void documentWithoutTheFieldOfItsIdIsRejected() throws Exception {
    write("keyless", "'id': 'ticket_id'", at(ticket("1", "no id"), 0));

    assertThat(REJECTED).hasSize(1);
    assertThat(REJECTED.remove().failure().message()).contains("'ticket_id'").contains("'id'");
  }

  @Test
  void rowsAreIndexedUnderTheirColumns() throws Exception {
    Schema schema =
        Schema.builder()
            .addDateTimeField("window_start")
            .addStringField("category")
            .addInt64Field("tickets")
            .build();
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    collect(
        pipeline
            .apply(
                Create.of(
                        Row.withSchema(schema).addValues(NOON, "billing", 3L).build(),
                        Row.withSchema(schema).addValues(NOON, "billing", 3L).build(),
                        Row.withSchema(schema).addValues(NOON, "returns", 5L).build())
                    .withRowSchema(schema))
            .apply(
                WriteOpenSearch.rows(
                    "WriteOpenSearch", config("totals", "'id': 'window_start, category'"))));
    pipeline.run().waitUntilFinish();

    assertThat(server.count("totals")).isEqualTo(2);
    assertThat(
            server
                .post("/totals/_search", "{\"query\": {\"term\": {\"category\": \"returns\"}}}")
                .at("/hits/hits/0/_source/tickets")
                .asLong())
        .isEqualTo(5);
  }

  @Test
  void streamWaitsForAServerThatWasKilledAndLosesNothing() throws Exception {
    int tickets = 2_500;
    Pipeline pipeline = Crashing.pipeline();
    collect(
        Crashing.tickets(pipeline, "opensearch", tickets, Set.of(900))
            .apply(
                "Index",
                WriteOpenSearch.documents("WriteOpenSearch", config("killed", "'batch': 100"))));
    Thread killer =
        Thread.ofVirtual()
            .start(() -> {
              try {
                while (server.get("/killed/_count").path("count").asLong() < 100) {
                  server.post("/killed/_refresh", "");
                  Thread.sleep(50);
                }
                server.kill();
                server.startAgain();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    PipelineResult result = pipeline.run();
    assertThat(result.waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);
    killer.join();

    assertThat(server.count("killed")).isEqualTo(tickets);
    assertThat(REJECTED).isEmpty();
  }

  private static Document ticket(String name, String text) {
    return Document.ofText(java.net.URI.create("kafka:tickets/" + name), "text/plain", text);
  }

  private static Document field(Document document, String name, String value) {
    return document.plus(
        List.of(
            new Annotation.Label(
                new Origin(PartId.TEXT, "ReadKafka", "1", ""),
                "column:" + name,
                value,
                Double.NaN)));
  }

  private static TimestampedValue<Document> at(Document document, int seconds) {
    return TimestampedValue.of(document, NOON.plus(Duration.standardSeconds(seconds)));
  }

  @SafeVarargs
  private static void write(String index, String settings, TimestampedValue<Document>... documents)
      throws IOException {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    collect(
        pipeline
            .apply(Create.timestamped(Stream.of(documents).toList()).withCoder(DocumentCoder.of()))
            .apply(WriteOpenSearch.documents("WriteOpenSearch", config(index, settings))));
    pipeline.run().waitUntilFinish();
  }

  private static WriteOpenSearch.Config config(String index, String settings) throws IOException {
    return Configs.configure(
        WriteOpenSearch.Config.class,
        new ObjectMapper()
            .readTree(
                "{'url': '%s', 'index': '%s', %s}"
                    .formatted(server.uri(), index, settings)
                    .replace('\'', '"')));
  }

  private static void collect(PCollection<Rejected> rejected) {
    rejected.apply("Collect", ParDo.of(new Collect()));
  }

  private static final class Collect extends DoFn<Rejected, Void> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(@Element Rejected rejected) {
      REJECTED.add(rejected);
    }
  }
}
