package dev.dragoman.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.connectors.json.RowJson;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.config.StepConfig;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Failure;
import dev.dragoman.operators.record.Original.Header;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.coder.DocumentRows;
import dev.dragoman.operators.record.coder.RejectedCoder;
import java.io.Serializable;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The sink: a message a document, a row or a dead letter, each written once however often the job
 * is killed, equal keys in their order; see {@link ExactlyOnce} for how.
 */
public final class WriteKafka {
  /** The step's name in recipes and rejections. */
  public static final String NAME = "WriteKafka";

  private static final TupleTag<Message> MESSAGES =
      new TupleTag<>("messages") {
        private static final long serialVersionUID = 1;
      };
  private static final TupleTag<Rejected> REJECTED =
      new TupleTag<>("rejected") {
        private static final long serialVersionUID = 1;
      };

  private WriteKafka() {}

  /** What messages are. */
  public enum Format {
    /** One object each. */
    JSON
  }

  /** How {@link WriteKafka} is set up. */
  @OperatorInfo(
      name = NAME,
      version = "1",
      summary = "Writes a message a document, a row or a dead letter to a Kafka topic, each once.",
      details =
          "Messages are written in transactions when a checkpoint is complete: readers with"
              + " isolation.level=read_committed see each exactly once, through crashes of the job"
              + " and of the broker. Messages with equal keys keep their order. Messages that are too"
              + " large for the topic are rejected as TOO_LARGE. Without checkpoints (a batch) a"
              + " message may be written again when a worker fails.")
  public record Config(
      @Param("The brokers to ask first: HOST:PORT, several with commas.") String bootstrapServers,
      @Param("The topic.") String topic,
      @Param(
              value =
                  "The column, or the field of the message the document came as, whose value becomes"
                      + " the key of the message. Rows without it have no key.",
              fallback = "\"document_id\"")
          String key,
      @Param(value = "What messages are.", fallback = "\"json\"") Format format,
      @Param(value = "The columns to write. Empty: all.", fallback = "[]") List<String> include,
      @Param(value = "Columns to leave out, such as text.", fallback = "[]") List<String> exclude,
      @Param(
              value =
                  "How the consumer groups (GROUP-TOPIC-SHARD) begin under which brokers keep how far"
                      + " the job has come. Each job has its own and keeps it when it is resumed.",
              fallback = "\"dragoman\"")
          String group,
      @Param(
              value =
                  "How many writers share the work, each with a producer of its own. To be changed"
                      + " only together with the group.",
              fallback = "4")
          int shards,
      @Param(
              value = "More properties of the producer, such as security.protocol or acks.",
              fallback = "{}")
          Map<String, String> properties)
      implements StepConfig {
    private static final long serialVersionUID = 1;

    public Config {
      include = List.copyOf(include);
      exclude = List.copyOf(exclude);
      properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
      KafkaClients.checkServers(NAME, bootstrapServers);
      KafkaClients.checkTopic(NAME, "topic", topic);
      if (group.isBlank()) {
        throw new ConfigException("group", NAME + ".group must not be empty");
      }
      if (shards < 1 || shards > 1_000) {
        throw new ConfigException("shards", NAME + ".shards must be from 1 to 1000, not " + shards);
      }
      if (key.isBlank()) {
        throw new ConfigException("key", NAME + ".key must name a column");
      }
    }

    Target target() {
      return new Target(bootstrapServers, topic, group, properties);
    }
  }

  /**
   * Writes the row of every document; answers those that are too large for the topic.
   *
   * @param step its name in metrics
   */
  public static PTransform<PCollection<Document>, PCollection<Rejected>> documents(
      String step, Config config) {
    return PTransform.compose(
        NAME,
        documents ->
            written(
                documents.apply(
                    "Encode",
                    ParDo.of(new EncodeDocument(config))
                        .withOutputTags(MESSAGES, TupleTagList.of(REJECTED))),
                step,
                config));
  }

  /**
   * Writes every row; answers those that are too large for the topic.
   *
   * @param step its name in metrics
   */
  public static PTransform<PCollection<Row>, PCollection<Rejected>> rows(
      String step, Config config) {
    return PTransform.compose(
        NAME,
        rows ->
            written(
                rows.apply(
                    "Encode",
                    ParDo.of(new EncodeRow(config))
                        .withOutputTags(MESSAGES, TupleTagList.of(REJECTED))),
                step,
                config));
  }

  /**
   * Writes rejected documents as dead letters, to be replayed by {@link DeadLetterTopic}.
   *
   * @param step its name in metrics
   */
  public static PTransform<PCollection<Rejected>, PDone> rejected(String step, Config config) {
    return PTransform.compose(
        NAME,
        rejected ->
            rejected
                .apply("Encode", ParDo.of(new EncodeLetter(config)))
                .setCoder(new MessageCoder())
                .apply("ExactlyOnce", new ExactlyOnce(step, config.target(), config.shards())));
  }

  private static PCollection<Rejected> written(
      PCollectionTuple encoded, String step, Config config) {
    encoded
        .get(MESSAGES)
        .setCoder(new MessageCoder())
        .apply("ExactlyOnce", new ExactlyOnce(step, config.target(), config.shards()));
    return encoded.get(REJECTED).setCoder(RejectedCoder.of());
  }

  /** The message of a row. */
  private static Message message(Row row, Config config, List<Header> headers) {
    String key = key(row, config.key());
    return new Message(
        key == null ? null : key.getBytes(UTF_8),
        json(row, config).toString().getBytes(UTF_8),
        headers);
  }

  private static ObjectNode json(Row row, Config config) {
    ObjectNode object = RowJson.object(row);
    if (!config.include().isEmpty()) {
      object.retain(config.include());
    }
    object.remove(config.exclude());
    return object;
  }

  private static @Nullable String key(Row row, String name) {
    Object value =
        row.getSchema().hasField(name)
            ? row.getValue(name)
            : row.getSchema().hasField("fields")
                    && row.getValue("fields") instanceof Map<?, ?> fields
                ? fields.get(name)
                : null;
    return value == null ? null : value.toString();
  }

  private static Rejected tooLarge(Document document, Message message, Limit limit) {
    return new Rejected(
        document,
        new Failure(
            RejectionCode.TOO_LARGE,
            NAME,
            "its message has about %d bytes, topic %s takes %d; leave columns out (WriteKafka.exclude), or raise max.message.bytes of the topic"
                .formatted(message.size(), limit.target.topic(), limit.bytes()),
            1));
  }

  /** The limit of a topic, asked for once a worker. */
  private static final class Limit implements Serializable {
    private static final long serialVersionUID = 1;
    private final Target target;
    private transient int bytes;

    Limit(Target target) {
      this.target = target;
    }

    int bytes() {
      if (bytes == 0) {
        bytes = TopicLimit.of(target);
      }
      return bytes;
    }
  }

  private static final class EncodeDocument extends DoFn<Document, Message> {
    private static final long serialVersionUID = 1;
    private final Config config;
    private final Limit limit;

    EncodeDocument(Config config) {
      this.config = config;
      this.limit = new Limit(config.target());
    }

    @ProcessElement
    public void encode(
        @Element Document document, @Timestamp Instant timestamp, MultiOutputReceiver out) {
      Message message =
          message(
              DocumentRows.row(document, timestamp),
              config,
              List.of(new Header(DeadLetter.DOCUMENT_ID, document.id().value().getBytes(UTF_8))));
      if (message.size() > limit.bytes()) {
        out.get(REJECTED).output(tooLarge(document, message, limit));
      } else {
        out.get(MESSAGES).output(message);
      }
    }
  }

  private static final class EncodeRow extends DoFn<Row, Message> {
    private static final long serialVersionUID = 1;
    private final Config config;
    private final Limit limit;

    EncodeRow(Config config) {
      this.config = config;
      this.limit = new Limit(config.target());
    }

    @ProcessElement
    public void encode(@Element Row row, MultiOutputReceiver out) {
      Message message = message(row, config, List.of());
      if (message.size() > limit.bytes()) {
        Document document =
            Document.ofText(
                URI.create("row:" + config.topic()), "application/json", RowJson.text(row));
        out.get(REJECTED).output(tooLarge(document, message, limit));
      } else {
        out.get(MESSAGES).output(message);
      }
    }
  }

  private static final class EncodeLetter extends DoFn<Rejected, Message> {
    private static final long serialVersionUID = 1;
    private final Limit limit;

    EncodeLetter(Config config) {
      this.limit = new Limit(config.target());
    }

    @ProcessElement
    public void encode(@Element Rejected rejected, OutputReceiver<Message> out) {
      out.output(DeadLetter.of(rejected, limit.bytes()));
    }
  }
}
