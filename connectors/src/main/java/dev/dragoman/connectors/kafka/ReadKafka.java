package dev.dragoman.connectors.kafka;

import dev.dragoman.connectors.files.RowMapping;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.config.StepConfig;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.coder.DocumentCoder;
import dev.dragoman.operators.record.coder.RejectedCoder;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The source: a document a message, without end.
 *
 * <p>A message's document carries the message it came as ({@link
 * dev.dragoman.operators.record.Original}), so that a step that fails later gives back what was
 * sent, byte for byte. Messages that cannot become documents leave through {@link #REJECTED} with
 * their bytes; the watermark never follows a time that cannot be.
 */
public final class ReadKafka extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1;

  /**
   * What is asked of a partition at once. With a megabyte, which Kafka's clients ask for, a message
   * of that size is all that comes, and the source rests before it looks again.
   */
  private static final int FETCH_BYTES = 4 << 20;

  /** The step's name in recipes and rejections. */
  public static final String NAME = "ReadKafka";

  static final String VERSION = "1";

  /** What was read. */
  public static final TupleTag<Document> DOCUMENTS =
      new TupleTag<>("documents") {
        private static final long serialVersionUID = 1;
      };

  /** What could not be read. */
  public static final TupleTag<Rejected> REJECTED =
      new TupleTag<>("rejected") {
        private static final long serialVersionUID = 1;
      };

  /** What the values of messages are. */
  public enum Format {
    /** One object each. */
    JSON,
    /** One row each; {@code columns} names its values. */
    CSV,
    /** As schema registries frame it: a zero byte, the id of the schema, the record. */
    AVRO,
    /** Plain text in UTF-8. */
    TEXT,
    /** A file each: a sound, a scan, a mail. */
    BYTES
  }

  /** Where a group begins that has not read before. */
  public enum Start {
    /** With the oldest message that is kept. */
    EARLIEST,
    /** With what comes from now on. */
    LATEST
  }

  /** How documents are spread over workers once they are read. */
  public enum Spread {
    /** They stay with the worker that reads their partition. */
    NONE,
    /** Evenly, in any order. */
    ANY,
    /** By {@code order_by}: equal values go to one worker and keep their order. */
    KEY
  }

  /** What {@code payload_field} holds. */
  public enum Payload {
    /** The address of a file: a URI, or a path on the workers' disks. */
    REFERENCE,
    /** The file itself: Base64, a data: URI, or bytes in Avro. */
    INLINE
  }

  /** How {@link ReadKafka} is set up. */
  @OperatorInfo(
      name = NAME,
      version = VERSION,
      summary = "Reads messages from Kafka topics, a document each, without end.",
      details =
          "Every field that is not text, title or language becomes a label column:NAME, every header"
              + " a label header:NAME (in Base64 where it is not UTF-8), the topic column:kafka_topic"
              + " and the key the label that key_field names. The document's source is"
              + " kafka:TOPIC/PARTITION#offset=N, or with id_field kafka:TOPIC#ID. Rejects, with the"
              + " bytes they came as: BAD_ROW (broken or ambiguous values, times that cannot be),"
              + " EMPTY (no value, no text), TOO_LARGE, UNREADABLE (a reference to a file that"
              + " cannot be read).")
  public record Config(
      @Param("The brokers to ask first: HOST:PORT, several with commas.") String bootstrapServers,
      @Param("The topics.") List<String> topics,
      @Param(
              value =
                  "The consumer group: its offsets are committed whenever a checkpoint is complete,"
                      + " and a job that starts anew goes on after them. Empty: no offsets are"
                      + " committed.",
              fallback = "\"\"")
          String group,
      @Param(
              value = "Where to begin in partitions for which the group has no offsets.",
              fallback = "\"earliest\"")
          Start start,
      @Param(value = "What the values of messages are.", fallback = "\"json\"") Format format,
      @Param(value = "csv: the names of the columns, in order.", fallback = "[]")
          List<String> columns,
      @Param(value = "csv: what stands between values, one character.", fallback = "\",\"")
          String delimiter,
      @Param(
              value =
                  "avro: where the schemas are: the http(s) URL of a registry, or a folder with files"
                      + " N.avsc.",
              fallback = "\"\"")
          String schemas,
      @Param(
              value =
                  "The fields that make up the text, joined by an empty line. Empty: the first of"
                      + " text, body, message, content, description; if there is none, the whole"
                      + " message, a line a field.",
              fallback = "[]")
          List<String> text,
      @Param(value = "The field of the title. Empty: title or subject.", fallback = "\"\"")
          String title,
      @Param(
              value = "The field of the language, ISO 639-1. Empty: language or lang.",
              fallback = "\"\"")
          String language,
      @Param(
              value =
                  "The field that says when it happened: ISO 8601 (without a zone: UTC), or seconds"
                      + " or milliseconds since 1970. Empty: the record's own timestamp.",
              fallback = "\"\"")
          String eventTime,
      @Param(
              value =
                  "How far messages of a partition may be out of order: the watermark stays this far"
                      + " behind the newest.",
              fallback = "\"10s\"")
          Duration outOfOrder,
      @Param(
              value =
                  "A partition that has had nothing new for so long, and nothing left to read, no"
                      + " longer holds the watermark. 0s: it always does.",
              fallback = "\"30s\"")
          Duration idleAfter,
      @Param(
              value = "Messages whose time is further after that of their record are rejected.",
              fallback = "\"1h\"")
          Duration maxFuture,
      @Param(
              value = "Messages whose time is further before that of their record are rejected.",
              fallback = "\"3650d\"")
          Duration maxPast,
      @Param(
              value =
                  "The field that names a message: a message sent twice is then the same document."
                      + " Empty: each has a name of its own, from its place in the topic.",
              fallback = "\"\"")
          String idField,
      @Param(
              value =
                  "What the record's key is called as a field: it becomes the label column:NAME, and"
                      + " id_field and order_by can name it. Empty leaves it out.",
              fallback = "\"kafka_key\"")
          String keyField,
      @Param(
              value =
                  "The field with a file (a call, a scan) for ExtractText and Transcribe; all other"
                      + " fields become labels. Empty: the text fields are what counts.",
              fallback = "\"\"")
          String payloadField,
      @Param(
              value =
                  "What payload_field holds: reference, the address of a file, which stays where it"
                      + " is; inline, the file itself.",
              fallback = "\"reference\"")
          Payload payload,
      @Param(
              value =
                  "Where references may point: addresses must begin with one of these. Empty:"
                      + " anywhere.",
              fallback = "[]")
          List<String> payloadRoots,
      @Param(
              value = "The media type of files that come as messages, where it is known.",
              fallback = "\"application/octet-stream\"")
          String mediaType,
      @Param(value = "Larger files inside messages are rejected, bytes.", fallback = "1048576")
          int inlineLimitBytes,
      @Param(
              value =
                  "Larger messages are rejected without being kept: their dead letter says where they"
                      + " are.",
              fallback = "8388608")
          int maxMessageBytes,
      @Param(
              value =
                  "How documents are spread over workers once they are read. With fewer partitions"
                      + " than workers, any or key keeps all busy.",
              fallback = "\"none\"")
          Spread spread,
      @Param(
              value =
                  "The field whose equal values stay in order through the whole graph (turns of a"
                      + " call, updates of a ticket): sets spread to key.",
              fallback = "\"\"")
          String orderBy,
      @Param(
              value =
                  "More properties of the consumer, such as security.protocol; isolation.level is"
                      + " read_committed unless it is set here.",
              fallback = "{}")
          Map<String, String> properties)
      implements StepConfig {
    private static final long serialVersionUID = 1;

    public Config {
      topics = List.copyOf(topics);
      columns = List.copyOf(columns);
      text = List.copyOf(text);
      payloadRoots = List.copyOf(payloadRoots);
      properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
      if (!orderBy.isEmpty() && spread == Spread.NONE) {
        spread = Spread.KEY;
      }
      KafkaClients.checkServers(NAME, bootstrapServers);
      check(!topics.isEmpty(), "topics", "must name at least one topic");
      for (String topic : topics) {
        KafkaClients.checkTopic(NAME, "topics", topic);
      }
      check(
          format != Format.CSV || !columns.isEmpty(),
          "columns",
          "must name the columns of csv messages");
      check(
          columns.stream().distinct().count() == columns.size(), "columns", "names a column twice");
      check(delimiter.length() == 1, "delimiter", "must be one character");
      check(
          format != Format.AVRO || !schemas.isBlank(),
          "schemas",
          "must say where the schemas of avro messages are");
      boolean hasFields = format != Format.TEXT && format != Format.BYTES;
      check(hasFields || eventTime.isEmpty(), "event_time", fieldless(format));
      check(hasFields || payloadField.isEmpty(), "payload_field", fieldless(format));
      check(hasFields || isKey(idField, keyField), "id_field", fieldless(format));
      check(hasFields || isKey(orderBy, keyField), "order_by", fieldless(format));
      check(spread != Spread.KEY || !orderBy.isEmpty(), "order_by", "must be set if spread is key");
      check(spread != Spread.ANY || orderBy.isEmpty(), "spread", "must be key if order_by is set");
      check(!outOfOrder.isNegative(), "out_of_order", "must not be negative");
      check(
          inlineLimitBytes > 0 && inlineLimitBytes <= 64 << 20,
          "inline_limit_bytes",
          "must be from 1 to 67108864, not " + inlineLimitBytes);
      check(
          maxMessageBytes > 0 && maxMessageBytes <= 256 << 20,
          "max_message_bytes",
          "must be from 1 to 268435456, not " + maxMessageBytes);
    }

    private static boolean isKey(String field, String keyField) {
      return field.isEmpty() || field.equals(keyField);
    }

    private static String fieldless(Format format) {
      return "names a field, but " + format.name().toLowerCase(Locale.ROOT) + " messages have none";
    }

    private static void check(boolean right, String key, String message) {
      if (!right) {
        throw new ConfigException(key, NAME + "." + key + " " + message);
      }
    }

    RowMapping mapping() {
      return new RowMapping(text, title, language, true);
    }

    EventTime time() {
      return new EventTime(eventTime, maxFuture, maxPast);
    }

    MessageFormatSpec values() {
      return new MessageFormatSpec(format, columns, delimiter, schemas, maxMessageBytes);
    }
  }

  private final String step;
  private final Config config;

  private ReadKafka(String step, Config config) {
    this.step = step;
    this.config = config;
  }

  /**
   * Reads as configured.
   *
   * @param step its name in metrics
   */
  public static ReadKafka of(String step, Config config) {
    return new ReadKafka(step, config);
  }

  @Override
  public PCollectionTuple expand(PBegin input) {
    String reader = UUID.randomUUID().toString();
    KafkaIO.Read<byte[], byte[]> records =
        KafkaIO.<byte[], byte[]>read()
            .withBootstrapServers(config.bootstrapServers())
            .withTopics(config.topics())
            .withKeyDeserializerAndCoder(
                ByteArrayDeserializer.class, NullableCoder.of(ByteArrayCoder.of()))
            .withValueDeserializerAndCoder(
                ByteArrayDeserializer.class, NullableCoder.of(ByteArrayCoder.of()))
            .withConsumerFactoryFn(new WatchedConsumer.Factory(reader))
            .withConsumerConfigUpdates(consumerProperties())
            .withTimestampPolicyFactory(
                new EventTimePolicy.Factory(
                    step,
                    reader,
                    config.values(),
                    config.time(),
                    config.outOfOrder(),
                    config.idleAfter()));
    if (!config.group().isEmpty()) {
      records = records.commitOffsetsInFinalize();
    }
    PCollectionTuple read =
        input
            .apply("Records", records)
            .apply(
                "Parse",
                ParDo.of(new ParseMessages(step, config))
                    .withOutputTags(DOCUMENTS, TupleTagList.of(REJECTED)));
    PCollection<Document> documents = read.get(DOCUMENTS).setCoder(DocumentCoder.of());
    return PCollectionTuple.of(
            DOCUMENTS,
            switch (config.spread()) {
              case NONE -> documents;
              case ANY -> documents.apply("Spread", Reshuffle.viaRandomKey());
              case KEY -> documents.apply("SpreadInOrder", InOrder.by(config.orderBy()));
            })
        .and(REJECTED, read.get(REJECTED).setCoder(RejectedCoder.of()));
  }

  private Map<String, Object> consumerProperties() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        switch (config.start()) {
          case EARLIEST -> "earliest";
          case LATEST -> "latest";
        });
    if (!config.group().isEmpty()) {
      properties.put(ConsumerConfig.GROUP_ID_CONFIG, config.group());
    }
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
    properties.putAll(config.properties());
    return properties;
  }
}
