package dev.dragoman.connectors.kafka;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is needed to take values apart, wherever that happens. */
record MessageFormatSpec(
    ReadKafka.Format format, List<String> columns, String delimiter, String schemas, int maxBytes)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Null where values have no fields. */
  @Nullable MessageFormat open() {
    return switch (format) {
      case JSON -> new JsonFormat(maxBytes);
      case CSV -> new CsvFormat(columns, delimiter.charAt(0));
      case AVRO -> new AvroFormat(new SchemaSource(schemas));
      case TEXT, BYTES -> null;
    };
  }

  /** The media type of the values. */
  String mediaType() {
    return switch (format) {
      case JSON -> "application/json";
      case CSV -> "text/csv";
      case AVRO -> "application/avro";
      case TEXT -> "text/plain";
      case BYTES -> "application/octet-stream";
    };
  }
}
