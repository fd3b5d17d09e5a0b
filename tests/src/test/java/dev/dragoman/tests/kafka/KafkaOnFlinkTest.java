package dev.dragoman.tests.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.connectors.kafka.DeadLetterTopic;
import dev.dragoman.connectors.kafka.ReadKafka;
import dev.dragoman.connectors.kafka.WriteKafka;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.StepConfig;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a topic to a topic through Flink, with a broker that is real. */
@Timeout(240)
class KafkaOnFlinkTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static KafkaBroker broker;

  @BeforeAll
  static void start() throws Exception {
    broker = KafkaBroker.start(folder.resolve("broker"));
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
  }

  @Test
  void everyTicketIsWrittenOnceInOrderOfItsKeyThoughTheJobFailsAndTheBrokerIsKilled()
      throws Exception {
    broker.createTopic("tickets", 3);
    broker.createTopic("enriched", 3);
    broker.createTopic("dead", 2, Map.of("max.message.bytes", "20000"));
    int customers = 17;
    int each = 60;
    try (Job job = copy("tickets", "enriched", "dead", "once")) {
      send("tickets", customers, 0, each / 3);
      await(() -> committed("enriched").size() >= customers * each / 3);
      Stumble.FALLS.set(3);
      send("tickets", customers, each / 3, 2 * each / 3);
      await(() -> Stumble.FALLS.get() == 0);
      broker.kill();
      Thread.sleep(1_500);
      broker.restart();
      send("tickets", customers, 2 * each / 3, each);
      broker.produce(
          List.of(
              poison("broken", "{\"id\": 1, ".getBytes(UTF_8)),
              poison("bytes", new byte[] {'{', '"', (byte) 0xC3, '"', '}'}),
              poison("large", ("{\"text\": \"" + "x".repeat(30_000)).getBytes(UTF_8)),
              poison("none", null)));
      await(() -> committed("enriched").size() >= customers * each);
      await(() -> committed("dead").size() >= 4);
      assertThat(job.state()).isEqualTo(PipelineResult.State.RUNNING);
    }
    assertThat(Stumble.FALLS).hasValue(0);

    Map<String, List<Integer>> turns = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : committed("enriched")) {
      JsonNode message = JSON.readTree(record.value());
      String customer = message.path("fields").path("customer").textValue();
      assertThat(new String(record.key(), UTF_8)).isEqualTo(customer);
      assertThat(header(record, "dragoman-document-id"))
          .isEqualTo(message.path("document_id").textValue());
      turns
          .computeIfAbsent(customer, _ -> new ArrayList<>())
          .add(Integer.parseInt(message.path("fields").path("turn").textValue()));
    }
    List<Integer> expected = IntStream.range(0, each).boxed().toList();
    assertThat(turns).hasSize(customers);
    assertThat(turns.values()).allSatisfy(list -> assertThat(list).isEqualTo(expected));

    Map<String, ConsumerRecord<byte[], byte[]>> letters = new HashMap<>();
    committed("dead").forEach(record -> letters.put(new String(record.key(), UTF_8), record));
    assertThat(letters).containsOnlyKeys("broken", "bytes", "large", "none");
    assertThat(letter(letters, "broken").value()).isEqualTo("{\"id\": 1, ".getBytes(UTF_8));
    assertThat(header(letter(letters, "broken"), "dragoman-code")).isEqualTo("BAD_ROW");
    assertThat(header(letter(letters, "broken"), "dragoman-operator")).isEqualTo("ReadKafka");
    assertThat(header(letter(letters, "broken"), "dragoman-source"))
        .matches("kafka:tickets/\\d#offset=\\d+");
    assertThat(header(letter(letters, "broken"), "trace")).isEqualTo("broken");
    assertThat(letter(letters, "bytes").value())
        .isEqualTo(new byte[] {'{', '"', (byte) 0xC3, '"', '}'});
    assertThat(letter(letters, "large").value()).isNull();
    assertThat(header(letter(letters, "large"), "dragoman-payload")).isEqualTo("left");
    assertThat(letter(letters, "none").value()).isNull();
    assertThat(header(letter(letters, "none"), "dragoman-code")).isEqualTo("EMPTY");

    DeadLetterTopic dead = DeadLetterTopic.of("kafka://" + broker.address() + "/dead", Map.of());
    List<DeadLetterTopic.Letter> listed = new ArrayList<>();
    dead.list(listed::add);
    assertThat(listed)
        .extracting(DeadLetterTopic.Letter::code)
        .containsExactlyInAnyOrder(
            RejectionCode.BAD_ROW,
            RejectionCode.BAD_ROW,
            RejectionCode.BAD_ROW,
            RejectionCode.EMPTY);
    int before = committed("tickets").size();
    assertThat(dead.replay(List.of(RejectionCode.BAD_ROW)).sent())
        .containsExactly(Map.entry("tickets", 2));
    assertThat(dead.replay(List.of()).sent()).containsExactly(Map.entry("tickets", 1));
    assertThat(dead.replay(List.of()).sent()).isEmpty();
    List<ConsumerRecord<byte[], byte[]>> tickets = committed("tickets");
    assertThat(tickets).hasSize(before + 3);
    List<ConsumerRecord<byte[], byte[]>> broken =
        tickets.stream().filter(record -> isKey(record, "broken")).toList();
    assertThat(broken).hasSize(2);
    assertThat(broken.getLast().value()).isEqualTo(broken.getFirst().value());
    assertThat(broken.getLast().headers().toArray())
        .isEqualTo(broken.getFirst().headers().toArray());
  }

  private static void send(String topic, int customers, int from, int to) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int turn = from; turn < to; turn++) {
      for (int customer = 0; customer < customers; customer++) {
        String key = "c" + customer;
        String value =
            "{\"text\": \"ticket %d of %s\", \"customer\": \"%s\", \"turn\": %d, \"at\": \"2026-05-01T10:%02d:00Z\"}"
                .formatted(turn, key, key, turn, turn);
        records.add(new ProducerRecord<>(topic, key.getBytes(UTF_8), value.getBytes(UTF_8)));
      }
    }
    broker.produce(records);
  }

  private static ProducerRecord<byte[], byte[]> poison(String key, byte @Nullable [] value) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>("tickets", key.getBytes(UTF_8), value);
    record.headers().add("trace", key.getBytes(UTF_8));
    return record;
  }

  /** A job that reads a topic and writes what it reads to another. */
  private static Job copy(String from, String to, String dead, String group) throws Exception {
    Pipeline pipeline = Pipeline.create(options());
    PCollectionTuple read =
        pipeline.apply(
            "ReadKafka",
            ReadKafka.of(
                "ReadKafka",
                config(
                    ReadKafka.Config.class,
                    """
                    {"bootstrap_servers": "%s", "topics": ["%s"], "group": "%s",
                     "event_time": "at", "order_by": "customer"}
                    """
                        .formatted(broker.address(), from, group))));
    PCollection<Rejected> refused =
        read.get(ReadKafka.DOCUMENTS)
            .apply("Stumble", ParDo.of(new Stumble()))
            .apply(
                "WriteKafka",
                WriteKafka.documents(
                    "WriteKafka",
                    config(
                        WriteKafka.Config.class,
                        """
                        {"bootstrap_servers": "%s", "topic": "%s", "group": "%s",
                         "key": "customer", "shards": 5}
                        """
                            .formatted(broker.address(), to, group))));
    PCollectionList.of(read.get(ReadKafka.REJECTED))
        .and(refused)
        .apply("Rejected", Flatten.pCollections())
        .apply(
            "DeadLetters",
            WriteKafka.rejected(
                "WriteKafka",
                config(
                    WriteKafka.Config.class,
                    """
                    {"bootstrap_servers": "%s", "topic": "%s", "group": "%s", "shards": 2}
                    """
                        .formatted(broker.address(), dead, group))));
    return new Job(pipeline.run());
  }

  private static FlinkPipelineOptions options() {
    FlinkPipelineOptions options = PipelineOptionsFactory.create().as(FlinkPipelineOptions.class);
    options.setRunner(FlinkRunner.class);
    options.setFlinkMaster("[local]");
    options.setParallelism(2);
    options.setStreaming(true);
    options.setCheckpointingInterval(400L);
    options.setNumberOfExecutionRetries(10);
    options.setExecutionRetryDelay(200L);
    options.setAttachedMode(false);
    return options;
  }

  /** Fails as often as it is told to, some way into what it is given. */
  private static final class Stumble extends DoFn<Document, Document> {
    private static final long serialVersionUID = 1;
    private static final AtomicInteger FALLS = new AtomicInteger();
    private transient int steps;

    @ProcessElement
    public void process(@Element Document document, OutputReceiver<Document> out) {
      if (FALLS.get() > 0 && ++steps % 97 == 0 && FALLS.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        throw new IllegalStateException("stumbled, as it was told to");
      }
      out.output(document);
    }
  }

  /** One of the partitions stays empty, and what is sent ends with the end of a transaction. */
  @Test
  void countsByMinuteComeThoughAPartitionIsEmpty() throws Exception {
    broker.createTopic("clicks", 3);
    broker.createTopic("counts", 1);
    Pipeline pipeline = Pipeline.create(options());
    Schema schema = Schema.builder().addStringField("minute").addInt64Field("clicks").build();
    PCollection<Rejected> refused =
        pipeline
            .apply(
                "ReadKafka",
                ReadKafka.of(
                    "ReadKafka",
                    config(
                        ReadKafka.Config.class,
                        """
                        {"bootstrap_servers": "%s", "topics": ["clicks"], "event_time": "at",
                         "out_of_order": "1s", "idle_after": "2s"}
                        """
                            .formatted(broker.address()))))
            .get(ReadKafka.DOCUMENTS)
            .apply("Minutes", Window.into(FixedWindows.of(Duration.standardMinutes(1))))
            .apply("Count", Combine.globally(Count.<Document>combineFn()).withoutDefaults())
            .apply("Rows", ParDo.of(new ToRow(schema)))
            .setRowSchema(schema)
            .apply(
                "WriteKafka",
                WriteKafka.rows(
                    "WriteKafka",
                    config(
                        WriteKafka.Config.class,
                        """
                        {"bootstrap_servers": "%s", "topic": "counts", "group": "counts",
                         "key": "minute"}
                        """
                            .formatted(broker.address()))));
    assertThat(refused.getName()).isNotEmpty();
    try (Job job = new Job(pipeline.run())) {
      broker.produceInTransaction(
          IntStream.range(0, 300)
              .mapToObj(i ->
                  new ProducerRecord<byte[], byte[]>(
                      "clicks",
                      i % 2,
                      null,
                      "{\"text\": \"click\", \"at\": \"2026-05-01T10:%02d:%02dZ\"}"
                          .formatted(i / 60, i % 60)
                          .getBytes(UTF_8)))
              .toList());
      await(() -> committed("counts").size() >= 5);
      assertThat(job.state()).isEqualTo(PipelineResult.State.RUNNING);
    }
    assertThat(committed("counts"))
        .extracting(record -> new String(record.value(), UTF_8))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 5)
                .mapToObj(minute ->
                    "{\"minute\":\"2026-05-01T10:%02d:00.000Z\",\"clicks\":60}".formatted(minute))
                .toList());
  }

  private static final class ToRow extends DoFn<Long, Row> {
    private static final long serialVersionUID = 1;
    private final Schema schema;

    ToRow(Schema schema) {
      this.schema = schema;
    }

    @ProcessElement
    public void process(@Element Long count, BoundedWindow window, OutputReceiver<Row> out) {
      out.output(
          Row.withSchema(schema)
              .addValues(((IntervalWindow) window).start().toString(), count)
              .build());
    }
  }

  private record Job(PipelineResult result) implements AutoCloseable {
    PipelineResult.State state() {
      return result.getState();
    }

    @Override
    public void close() throws Exception {
      result.cancel();
    }
  }

  private static <C extends StepConfig> C config(Class<C> type, String json) throws Exception {
    return Configs.configure(type, JSON.readTree(json));
  }

  private static List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
    return broker.readCommitted(topic);
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    for (int i = 0; i < 600; i++) {
      if (condition.call()) {
        return;
      }
      Thread.sleep(150);
    }
    throw new AssertionError("did not happen in time");
  }

  private static ConsumerRecord<byte[], byte[]> letter(
      Map<String, ConsumerRecord<byte[], byte[]>> letters, String key) {
    return Optional.ofNullable(letters.get(key)).orElseThrow();
  }

  private static boolean isKey(ConsumerRecord<byte[], byte[]> record, String key) {
    return new String(record.key(), UTF_8).equals(key);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }
}
