package dev.dragoman.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Rejected;
import java.time.Instant;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.KafkaTimestampType;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Records of a topic, and what a source makes of them. */
final class Records {
  static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
  private static final ObjectMapper JSON = new ObjectMapper();

  private Records() {}

  /** A configuration with these keys beside the required ones. */
  static ReadKafka.Config config(String json) {
    try {
      ObjectNode config = (ObjectNode) JSON.readTree(json.replace('\'', '"'));
      config.put("bootstrap_servers", "127.0.0.1:9092");
      config.putArray("topics").add("tickets");
      return Configs.configure(ReadKafka.Config.class, config);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static KafkaRecord<byte[], byte[]> record(byte @Nullable [] value) {
    return record(value, new RecordHeaders(), NOW);
  }

  static KafkaRecord<byte[], byte[]> record(
      byte @Nullable [] value, Headers headers, Instant sent) {
    return new KafkaRecord<>(
        "tickets",
        3,
        41,
        sent.toEpochMilli(),
        KafkaTimestampType.CREATE_TIME,
        headers,
        "key".getBytes(UTF_8),
        value);
  }

  static Document good(ReadKafka.Config config, KafkaRecord<byte[], byte[]> record) {
    return switch (new MessageReader(config).read(record, NOW)) {
      case MessageReader.Read.Good(Document document) -> document;
      case MessageReader.Read.Bad(Rejected rejected) ->
          throw new AssertionError(rejected.failure());
    };
  }

  static Rejected bad(ReadKafka.Config config, KafkaRecord<byte[], byte[]> record) {
    return switch (new MessageReader(config).read(record, NOW)) {
      case MessageReader.Read.Good(Document document) -> throw new AssertionError(document);
      case MessageReader.Read.Bad(Rejected rejected) -> rejected;
    };
  }
}
