package dev.dragoman.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.connectors.files.Fields;
import dev.dragoman.connectors.files.MappedRow;
import dev.dragoman.connectors.files.RowMapping;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.DocumentColumns;
import dev.dragoman.operators.record.DocumentId;
import dev.dragoman.operators.record.Failure;
import dev.dragoman.operators.record.FilePart;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.Original;
import dev.dragoman.operators.record.Part;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Provenance;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Sha256;
import dev.dragoman.operators.record.TextPart;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Makes documents of records. */
final class MessageReader {
  /** How labels begin that hold the headers of a message. */
  static final String HEADER_PREFIX = "header:";

  /** The field that says which topic a message came from. */
  static final String TOPIC_FIELD = "kafka_topic";

  private final ReadKafka.Config config;
  private final @Nullable MessageFormat format;
  private final RowMapping mapping;
  private final EventTime time;
  private final PayloadReader payloads;

  MessageReader(ReadKafka.Config config) {
    this.config = config;
    this.format = config.values().open();
    this.mapping = config.mapping();
    this.time = config.time();
    this.payloads = new PayloadReader(config);
  }

  /** What a record comes to. */
  sealed interface Read {
    /** A document. */
    record Good(Document document) implements Read {}

    /** A dead letter. */
    record Bad(Rejected rejected) implements Read {}
  }

  /** Reads one record. */
  Read read(KafkaRecord<byte[], byte[]> record, Instant now) {
    byte @Nullable [] value = record.getKV().getValue();
    try {
      if (value == null) {
        throw new BadMessageException(
            RejectionCode.EMPTY,
            "the message has no value (a tombstone); there is nothing to do for it");
      }
      if (value.length > config.maxMessageBytes()) {
        throw new BadMessageException(
            RejectionCode.TOO_LARGE,
            "the message has %d bytes, ReadKafka.max_message_bytes allows %d; raise it, or send the file's address (payload: reference)"
                .formatted(value.length, config.maxMessageBytes()));
      }
      return new Read.Good(document(record, value, now));
    } catch (BadMessageException e) {
      return new Read.Bad(
          new Rejected(
              unread(record, value), new Failure(e.code(), ReadKafka.NAME, e.getMessage(), 1)));
    }
  }

  private Document document(KafkaRecord<byte[], byte[]> record, byte[] value, Instant now)
      throws BadMessageException {
    Instant sent = Instant.ofEpochMilli(record.getTimestamp());
    if (format == null) {
      time.of(null, sent, now);
      Fields fields = new Fields(List.of(), Map.of());
      return switch (config.format()) {
        case TEXT -> text(record, value, fields, plainText(value), Map.of());
        case BYTES, JSON, CSV, AVRO ->
            file(record, value, fields, payloads.wholeValue(value), Map.of());
      };
    }
    if (value.length == 0) {
      throw empty();
    }
    MessageFormat.Message message = format.read(value);
    Fields fields = message.fields();
    time.of(fields.values().get(time.field()), sent, now);
    if (!config.payloadField().isEmpty()) {
      return file(
          record,
          value,
          fields,
          payloads.read(message),
          mapping.labels(fields, payloads.usedFields()));
    }
    MappedRow mapped = mapping.map(fields);
    if (mapped.textColumns().isEmpty()) {
      throw BadMessageException.row(
          mapping.noText(fields.names(), "ReadKafka, config, text: [NAME]"));
    }
    if (mapped.text().isBlank()) {
      throw new BadMessageException(
          RejectionCode.EMPTY, "no text in " + String.join(", ", mapped.textColumns()));
    }
    return text(record, value, fields, whole(mapped.text()), mapped.labels());
  }

  private static String plainText(byte[] value) throws BadMessageException {
    String text = MessageFormat.utf8(value);
    if (text.isBlank()) {
      throw empty();
    }
    return text;
  }

  private static BadMessageException empty() {
    return new BadMessageException(RejectionCode.EMPTY, "the message is empty");
  }

  /** JSON can write half a character, which no sink could. */
  private static String whole(String text) throws BadMessageException {
    if (UTF_8.newEncoder().canEncode(text)) {
      return text;
    }
    throw BadMessageException.row(
        "the text holds half of a surrogate pair (\\ud800 to \\udfff alone); have its sender write whole characters");
  }

  private Document text(
      KafkaRecord<byte[], byte[]> record,
      byte[] value,
      Fields fields,
      String text,
      Map<String, String> labels)
      throws BadMessageException {
    URI source = source(record, fields);
    Sha256 digest = Sha256.of(value);
    Part part = new TextPart(PartId.TEXT, PartId.TEXT, TextPart.Role.BODY, 0, text);
    return new Document(
        DocumentId.of(source, digest),
        new Provenance(
            source,
            config.values().mediaType(),
            value.length,
            digest,
            List.of(),
            original(record, new Content.Inline(value))),
        List.of(part),
        annotations(record, part.id(), labels));
  }

  private Document file(
      KafkaRecord<byte[], byte[]> record,
      byte[] value,
      Fields fields,
      PayloadReader.Payload payload,
      Map<String, String> labels)
      throws BadMessageException {
    URI source = source(record, fields);
    Content original =
        payload.isWholeValue() ? new Content.SameAs(PartId.FILE) : new Content.Inline(value);
    return new Document(
        DocumentId.of(source, payload.digest()),
        new Provenance(
            source,
            payload.mediaType(),
            payload.length(),
            payload.digest(),
            List.of(),
            original(record, original)),
        List.of(new FilePart(PartId.FILE, payload.content())),
        annotations(record, PartId.FILE, labels));
  }

  private URI source(KafkaRecord<byte[], byte[]> record, Fields fields) throws BadMessageException {
    if (config.idField().isEmpty()) {
      return KafkaUris.place(record.getTopic(), record.getPartition(), record.getOffset());
    }
    String id = fields.value(config.idField());
    byte @Nullable [] key = record.getKV().getKey();
    if (id.isEmpty() && config.idField().equals(config.keyField()) && key != null) {
      id = shown(key);
    }
    if (id.isBlank()) {
      throw BadMessageException.row(
          "there is no '%s' to name the message by (ReadKafka.id_field)"
              .formatted(config.idField()));
    }
    return KafkaUris.name(record.getTopic(), id);
  }

  private List<Annotation> annotations(
      KafkaRecord<byte[], byte[]> record, PartId part, Map<String, String> labels) {
    Map<String, String> all = new LinkedHashMap<>(labels);
    all.putIfAbsent(DocumentColumns.FIELD_PREFIX + TOPIC_FIELD, record.getTopic());
    byte @Nullable [] key = record.getKV().getKey();
    if (key != null && !config.keyField().isEmpty()) {
      all.putIfAbsent(DocumentColumns.FIELD_PREFIX + config.keyField(), shown(key));
    }
    Origin origin = new Origin(part, ReadKafka.NAME, ReadKafka.VERSION, "");
    List<Annotation> annotations = new ArrayList<>();
    all.forEach(
        (kind, value) -> annotations.add(new Annotation.Label(origin, kind, value, Double.NaN)));
    for (Original.Header header : headers(record)) {
      byte @Nullable [] value = header.value();
      annotations.add(
          new Annotation.Label(
              origin,
              HEADER_PREFIX + header.name(),
              value == null ? "" : shown(value),
              Double.NaN));
    }
    return annotations;
  }

  /** Bytes as text: UTF-8 where they are that, else Base64. */
  static String shown(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      return Base64.getEncoder().encodeToString(bytes);
    }
  }

  /** The document of a message that could not be read: a file, as it was sent. */
  private Document unread(KafkaRecord<byte[], byte[]> record, byte @Nullable [] value) {
    URI source = KafkaUris.place(record.getTopic(), record.getPartition(), record.getOffset());
    byte[] bytes = value == null ? new byte[0] : value;
    Sha256 digest = Sha256.of(bytes);
    boolean kept = bytes.length <= config.maxMessageBytes();
    Content content =
        kept ? new Content.Inline(bytes) : new Content.Reference(source, bytes.length, digest);
    Document document =
        Document.ofFile(source, config.values().mediaType(), bytes.length, digest, content);
    return document.withProvenance(
        document
            .provenance()
            .withOriginal(
                original(record, value == null ? null : new Content.SameAs(PartId.FILE))));
  }

  private static Original original(KafkaRecord<byte[], byte[]> record, @Nullable Content value) {
    return new Original(record.getKV().getKey(), headers(record), value);
  }

  private static List<Original.Header> headers(KafkaRecord<byte[], byte[]> record) {
    List<Original.Header> headers = new ArrayList<>();
    if (record.getHeaders() != null) {
      for (Header header : record.getHeaders()) {
        headers.add(new Original.Header(header.key(), header.value()));
      }
    }
    return headers;
  }
}
