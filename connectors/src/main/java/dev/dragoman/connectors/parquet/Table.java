package dev.dragoman.connectors.parquet;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FLOAT;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.util.List;
import java.util.Locale;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** The tables of an output folder and their columns. Columns are only ever added at the end. */
public enum Table {
  /** A row an input document. */
  DOCUMENTS(
      id("document_id"),
      id("source_uri"),
      text("media_type"),
      optional(INT64, "size_bytes"),
      text("sha256"),
      text("title"),
      text("language"),
      optional(DOUBLE, "language_confidence"),
      text("text"),
      text("translation"),
      text("translation_language"),
      text("summary"),
      text("category"),
      optional(DOUBLE, "category_confidence"),
      text("sentiment"),
      optional(DOUBLE, "sentiment_confidence"),
      text("masked_text"),
      optional(INT32, "pages"),
      optional(DOUBLE, "duration_seconds"),
      text("recipe_digest"),
      texts("models"),
      text("author"),
      text("duplicate_of"),
      texts("steps"),
      texts("skipped"),
      floats("embedding"),
      text("embedding_model")),

  /** A row a chunk. */
  CHUNKS(
      id("chunk_id"),
      id("document_id"),
      optional(INT32, "ordinal"),
      text("text"),
      optional(INT32, "start_offset"),
      optional(INT32, "end_offset"),
      optional(INT32, "page"),
      optional(DOUBLE, "start_seconds"),
      optional(DOUBLE, "end_seconds"),
      floats("embedding"),
      text("embedding_model")),

  /** A row a finding. */
  ANNOTATIONS(
      id("annotation_id"),
      id("document_id"),
      text("operator"),
      text("operator_version"),
      text("model"),
      text("kind"),
      text("value"),
      optional(DOUBLE, "confidence"),
      optional(INT32, "start_offset"),
      optional(INT32, "end_offset"),
      optional(INT32, "page"),
      optional(DOUBLE, "x"),
      optional(DOUBLE, "y"),
      optional(DOUBLE, "width"),
      optional(DOUBLE, "height"),
      optional(DOUBLE, "start_seconds"),
      optional(DOUBLE, "end_seconds"),
      text("part")),

  /** A row a failure. */
  REJECTED(
      id("document_id"),
      id("source_uri"),
      text("operator"),
      text("code"),
      text("message"),
      optional(INT32, "attempts"),
      Types.optional(BINARY).named("payload"),
      text("media_type"),
      optional(INT64, "size_bytes"));

  private final MessageType schema;

  Table(Type... columns) {
    schema = new MessageType(folder(), List.of(columns));
  }

  /** The folder it is in, and its name in SQL. */
  public String folder() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its columns in order. */
  public List<String> columns() {
    return schema.getFields().stream().map(Type::getName).toList();
  }

  MessageType schema() {
    return schema;
  }

  private static Type id(String name) {
    return Types.required(BINARY).as(stringType()).named(name);
  }

  private static Type text(String name) {
    return Types.optional(BINARY).as(stringType()).named(name);
  }

  private static Type optional(PrimitiveTypeName type, String name) {
    return Types.optional(type).named(name);
  }

  private static Type texts(String name) {
    return Types.optionalList().requiredElement(BINARY).as(stringType()).named(name);
  }

  private static Type floats(String name) {
    return Types.optionalList().requiredElement(FLOAT).named(name);
  }
}
