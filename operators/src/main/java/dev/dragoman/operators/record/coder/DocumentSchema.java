package dev.dragoman.operators.record.coder;

import static java.util.Objects.requireNonNull;

import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.AudioPart;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.DocumentId;
import dev.dragoman.operators.record.Failure;
import dev.dragoman.operators.record.FilePart;
import dev.dragoman.operators.record.ImagePart;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.Part;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Provenance;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Sha256;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * The record as Beam rows, for Beam SQL and whatever else works on schemas. Rows say everything a
 * document says, and can be turned back. The kinds of parts, contents and annotations share one row
 * type each, told apart by {@code type}, with null where a kind has no such field; a number that is
 * NaN in the record (no confidence, no time) is null in the row.
 *
 * <p>Where Beam encodes rows, text that is not Unicode (half of a surrogate pair) loses those
 * characters; {@link DocumentCoder} keeps them.
 *
 * <p>The schema is not registered for the classes, because collections would then travel as rows,
 * which are larger and slower than {@link DocumentCoder}: {@link #documents} and {@link #rejected}
 * attach it where it is wanted.
 */
public final class DocumentSchema {
  private static final Schema STEP =
      Schema.builder()
          .addStringField("operator")
          .addStringField("version")
          .addStringField("model")
          .addStringField("status")
          .addStringField("note")
          .build();

  private static final Schema CONTENT =
      Schema.builder()
          .addStringField("type")
          .addNullableField("bytes", FieldType.BYTES)
          .addNullableField("uri", FieldType.STRING)
          .addNullableField("length", FieldType.INT64)
          .addNullableField("sha256", FieldType.STRING)
          .addNullableField("part", FieldType.STRING)
          .build();

  private static final Schema PART =
      Schema.builder()
          .addStringField("type")
          .addStringField("id")
          .addNullableField("from", FieldType.STRING)
          .addNullableField("role", FieldType.STRING)
          .addNullableField("page", FieldType.INT32)
          .addNullableField("text", FieldType.STRING)
          .addNullableField("media_type", FieldType.STRING)
          .addNullableField("content", FieldType.row(CONTENT))
          .addNullableField("duration_seconds", FieldType.DOUBLE)
          .build();

  private static final Schema EMBEDDING =
      Schema.builder()
          .addStringField("part")
          .addStringField("operator")
          .addStringField("operator_version")
          .addStringField("model")
          .addArrayField("vector", FieldType.FLOAT)
          .build();

  private static final Schema ANNOTATION =
      Schema.builder()
          .addStringField("type")
          .addStringField("part")
          .addStringField("operator")
          .addStringField("operator_version")
          .addStringField("model")
          .addStringField("kind")
          .addNullableField("value", FieldType.STRING)
          .addNullableField("confidence", FieldType.DOUBLE)
          .addNullableField("language", FieldType.STRING)
          .addNullableField("start_offset", FieldType.INT32)
          .addNullableField("end_offset", FieldType.INT32)
          .addNullableField("page", FieldType.INT32)
          .addNullableField("x", FieldType.DOUBLE)
          .addNullableField("y", FieldType.DOUBLE)
          .addNullableField("width", FieldType.DOUBLE)
          .addNullableField("height", FieldType.DOUBLE)
          .addNullableField("start_seconds", FieldType.DOUBLE)
          .addNullableField("end_seconds", FieldType.DOUBLE)
          .addNullableField("ordinal", FieldType.INT32)
          .addNullableField("embedding", FieldType.row(EMBEDDING))
          .build();

  private static final Schema DOCUMENT =
      Schema.builder()
          .addStringField("document_id")
          .addStringField("source_uri")
          .addStringField("media_type")
          .addInt64Field("size_bytes")
          .addStringField("sha256")
          .addArrayField("steps", FieldType.row(STEP))
          .addArrayField("parts", FieldType.row(PART))
          .addArrayField("annotations", FieldType.row(ANNOTATION))
          .build();

  private static final Schema REJECTED =
      Schema.builder()
          .addRowField("document", DOCUMENT)
          .addStringField("code")
          .addStringField("operator")
          .addStringField("message")
          .addInt32Field("attempts")
          .build();

  private DocumentSchema() {}

  /** The schema of a document. */
  public static Schema document() {
    return DOCUMENT;
  }

  /** The schema of a rejected document. */
  public static Schema rejected() {
    return REJECTED;
  }

  /** The same collection, with its schema known to Beam. */
  public static PCollection<Document> documents(PCollection<Document> documents) {
    return documents.setSchema(
        DOCUMENT,
        TypeDescriptor.of(Document.class),
        DocumentSchema::toRow,
        DocumentSchema::documentOf);
  }

  /** The same collection, with its schema known to Beam. */
  public static PCollection<Rejected> rejected(PCollection<Rejected> rejected) {
    return rejected.setSchema(
        REJECTED,
        TypeDescriptor.of(Rejected.class),
        DocumentSchema::toRow,
        DocumentSchema::rejectedOf);
  }

  /**
   * The document as a row of {@link #document()}, without the message it came as: whoever changes
   * rows would otherwise change what is sent again.
   */
  public static Row toRow(Document document) {
    Provenance provenance = document.provenance();
    return Row.withSchema(DOCUMENT)
        .withFieldValue("document_id", document.id().value())
        .withFieldValue("source_uri", provenance.source().toString())
        .withFieldValue("media_type", provenance.mediaType())
        .withFieldValue("size_bytes", provenance.size())
        .withFieldValue("sha256", provenance.digest().hex())
        .withFieldValue("steps", provenance.steps().stream().map(DocumentSchema::stepRow).toList())
        .withFieldValue("parts", document.parts().stream().map(DocumentSchema::partRow).toList())
        .withFieldValue(
            "annotations",
            document.annotations().stream().map(DocumentSchema::annotationRow).toList())
        .build();
  }

  /**
   * The document in a row of {@link #document()}.
   *
   * @throws IllegalArgumentException if the row says something that no document can
   */
  public static Document documentOf(Row row) {
    return new Document(
        new DocumentId(string(row, "document_id")),
        new Provenance(
            URI.create(string(row, "source_uri")),
            string(row, "media_type"),
            requireNonNull(row.getInt64("size_bytes")),
            new Sha256(string(row, "sha256")),
            rows(row, "steps", DocumentSchema::step)),
        rows(row, "parts", DocumentSchema::part),
        rows(row, "annotations", DocumentSchema::annotation));
  }

  /** The rejected document as a row of {@link #rejected()}. */
  public static Row toRow(Rejected rejected) {
    Failure failure = rejected.failure();
    return Row.withSchema(REJECTED)
        .withFieldValue("document", toRow(rejected.document()))
        .withFieldValue("code", failure.code().name())
        .withFieldValue("operator", failure.operator())
        .withFieldValue("message", failure.message())
        .withFieldValue("attempts", failure.attempts())
        .build();
  }

  /**
   * The rejected document in a row of {@link #rejected()}.
   *
   * @throws IllegalArgumentException if the row says something that no rejected document can
   */
  public static Rejected rejectedOf(Row row) {
    return new Rejected(
        documentOf(requireNonNull(row.getRow("document"))),
        new Failure(
            RejectionCode.valueOf(string(row, "code")),
            string(row, "operator"),
            string(row, "message"),
            integer(row, "attempts")));
  }

  private static Row stepRow(Step step) {
    return Row.withSchema(STEP)
        .addValues(step.operator(), step.version(), step.model(), step.status().name(), step.note())
        .build();
  }

  private static Step step(Row row) {
    return new Step(
        string(row, "operator"),
        string(row, "version"),
        string(row, "model"),
        Step.Status.valueOf(string(row, "status")),
        string(row, "note"));
  }

  private static Row partRow(Part part) {
    Fields row = new Fields(PART).with("id", part.id().value());
    return switch (part) {
      case FilePart file ->
          row.with("type", "file").with("content", contentRow(file.content())).row();
      case TextPart text ->
          row.with("type", "text")
              .with("from", text.from().value())
              .with("role", text.role().name())
              .with("page", text.page())
              .with("text", text.text())
              .row();
      case ImagePart image ->
          row.with("type", "image")
              .with("media_type", image.mediaType())
              .with("content", contentRow(image.content()))
              .with("page", image.page())
              .row();
      case AudioPart audio ->
          row.with("type", "audio")
              .with("media_type", audio.mediaType())
              .with("content", contentRow(audio.content()))
              .with("duration_seconds", audio.durationSeconds())
              .row();
    };
  }

  private static Part part(Row row) {
    PartId id = new PartId(string(row, "id"));
    return switch (string(row, "type")) {
      case "file" -> new FilePart(id, content(row));
      case "text" ->
          new TextPart(
              id,
              new PartId(string(row, "from")),
              TextPart.Role.valueOf(string(row, "role")),
              integer(row, "page"),
              string(row, "text"));
      case "image" ->
          new ImagePart(id, string(row, "media_type"), content(row), integer(row, "page"));
      case "audio" ->
          new AudioPart(id, string(row, "media_type"), content(row), real(row, "duration_seconds"));
      default -> throw unknown("part", row);
    };
  }

  private static Row contentRow(Content content) {
    Fields row = new Fields(CONTENT);
    return switch (content) {
      case Content.Inline inline -> row.with("type", "inline").with("bytes", inline.bytes()).row();
      case Content.Reference reference ->
          row.with("type", "reference")
              .with("uri", reference.uri().toString())
              .with("length", reference.length())
              .with("sha256", reference.sha256().hex())
              .row();
      case Content.SameAs same ->
          row.with("type", "same_as").with("part", same.part().value()).row();
    };
  }

  private static Content content(Row part) {
    Row row = requireNonNull(part.getRow("content"));
    return switch (string(row, "type")) {
      case "inline" -> new Content.Inline(requireNonNull(row.getBytes("bytes")));
      case "reference" ->
          new Content.Reference(
              URI.create(string(row, "uri")),
              requireNonNull(row.getInt64("length")),
              new Sha256(string(row, "sha256")));
      case "same_as" -> new Content.SameAs(new PartId(string(row, "part")));
      default -> throw unknown("content", row);
    };
  }

  private static Row annotationRow(Annotation annotation) {
    Origin origin = annotation.origin();
    Fields row =
        new Fields(ANNOTATION)
            .with("part", origin.part().value())
            .with("operator", origin.operator())
            .with("operator_version", origin.operatorVersion())
            .with("model", origin.model())
            .with("kind", annotation.kind())
            .with("confidence", annotation.confidence());
    return switch (annotation) {
      case Annotation.TextSpan span ->
          row.with("type", "text_span")
              .with("value", span.value())
              .with("start_offset", span.start())
              .with("end_offset", span.end())
              .row();
      case Annotation.Region region ->
          row.with("type", "region")
              .with("value", region.value())
              .with("start_offset", region.start())
              .with("end_offset", region.end())
              .with("page", region.page())
              .with("x", region.x())
              .with("y", region.y())
              .with("width", region.width())
              .with("height", region.height())
              .row();
      case Annotation.Interval interval ->
          row.with("type", "interval")
              .with("value", interval.value())
              .with("start_offset", interval.start())
              .with("end_offset", interval.end())
              .with("start_seconds", interval.startSeconds())
              .with("end_seconds", interval.endSeconds())
              .row();
      case Annotation.Label label -> row.with("type", "label").with("value", label.value()).row();
      case Annotation.Rewrite rewrite ->
          row.with("type", "rewrite")
              .with("value", rewrite.value())
              .with("language", rewrite.language())
              .row();
      case Annotation.Chunk chunk -> {
        Annotation.Embedding embedding = chunk.embedding();
        yield row.with("type", "chunk")
            .with("ordinal", chunk.ordinal())
            .with("value", chunk.text())
            .with("start_offset", chunk.start())
            .with("end_offset", chunk.end())
            .with("page", chunk.page())
            .with("start_seconds", chunk.startSeconds())
            .with("end_seconds", chunk.endSeconds())
            .with("embedding", embedding == null ? null : embeddingRow(embedding))
            .row();
      }
      case Annotation.Embedding embedding ->
          row.with("type", "embedding").with("embedding", embeddingRow(embedding)).row();
    };
  }

  private static Annotation annotation(Row row) {
    Origin origin = origin(row);
    return switch (string(row, "type")) {
      case "text_span" ->
          new Annotation.TextSpan(
              origin,
              string(row, "kind"),
              string(row, "value"),
              real(row, "confidence"),
              integer(row, "start_offset"),
              integer(row, "end_offset"));
      case "region" ->
          new Annotation.Region(
              origin,
              string(row, "kind"),
              string(row, "value"),
              real(row, "confidence"),
              integer(row, "start_offset"),
              integer(row, "end_offset"),
              integer(row, "page"),
              real(row, "x"),
              real(row, "y"),
              real(row, "width"),
              real(row, "height"));
      case "interval" ->
          new Annotation.Interval(
              origin,
              string(row, "kind"),
              string(row, "value"),
              real(row, "confidence"),
              integer(row, "start_offset"),
              integer(row, "end_offset"),
              real(row, "start_seconds"),
              real(row, "end_seconds"));
      case "label" ->
          new Annotation.Label(
              origin, string(row, "kind"), string(row, "value"), real(row, "confidence"));
      case "rewrite" ->
          new Annotation.Rewrite(
              origin,
              string(row, "kind"),
              string(row, "value"),
              string(row, "language"),
              real(row, "confidence"));
      case "chunk" -> {
        Row embedding = row.getRow("embedding");
        yield new Annotation.Chunk(
            origin,
            integer(row, "ordinal"),
            string(row, "value"),
            integer(row, "start_offset"),
            integer(row, "end_offset"),
            integer(row, "page"),
            real(row, "start_seconds"),
            real(row, "end_seconds"),
            embedding == null ? null : embedding(embedding));
      }
      case "embedding" -> embedding(requireNonNull(row.getRow("embedding")));
      default -> throw unknown("annotation", row);
    };
  }

  private static Row embeddingRow(Annotation.Embedding embedding) {
    List<Float> vector = new ArrayList<>(embedding.vector().length);
    for (float value : embedding.vector()) {
      vector.add(value);
    }
    Origin origin = embedding.origin();
    return Row.withSchema(EMBEDDING)
        .addValues(
            origin.part().value(),
            origin.operator(),
            origin.operatorVersion(),
            origin.model(),
            vector)
        .build();
  }

  private static Annotation.Embedding embedding(Row row) {
    Collection<Float> values = requireNonNull(row.getArray("vector"));
    float[] vector = new float[values.size()];
    int i = 0;
    for (float value : values) {
      vector[i++] = value;
    }
    return new Annotation.Embedding(origin(row), vector);
  }

  private static Origin origin(Row row) {
    return new Origin(
        new PartId(string(row, "part")),
        string(row, "operator"),
        string(row, "operator_version"),
        string(row, "model"));
  }

  private static String string(Row row, String field) {
    return requireNonNull(row.getString(field), field);
  }

  private static int integer(Row row, String field) {
    return requireNonNull(row.getInt32(field), field);
  }

  private static double real(Row row, String field) {
    Double value = row.getDouble(field);
    return value == null ? Double.NaN : value;
  }

  private static <T> List<T> rows(Row row, String field, Function<Row, T> read) {
    Collection<Row> rows = requireNonNull(row.getArray(field), field);
    return rows.stream().map(read).toList();
  }

  private static IllegalArgumentException unknown(String what, Row row) {
    return new IllegalArgumentException(
        "an unknown type of " + what + ": " + row.getString("type"));
  }

  /** The fields of one row, null where nothing is said. */
  private static final class Fields {
    private final Schema schema;
    private final @Nullable Object[] values;

    Fields(Schema schema) {
      this.schema = schema;
      this.values = new Object[schema.getFieldCount()];
    }

    Fields with(String field, @Nullable Object value) {
      boolean missing = value instanceof Double number && number.isNaN();
      values[schema.indexOf(field)] = missing ? null : value;
      return this;
    }

    Row row() {
      return Row.withSchema(schema).attachValues(values);
    }
  }
}
