package dev.dragoman.operators.record.coder;

import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.DocumentColumns;
import dev.dragoman.operators.record.Provenance;
import java.util.List;
import java.util.TreeSet;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A flat row a document, for SQL over streams, for messages and for search servers: the columns of
 * table {@code documents} under the same names, and {@code event_time}, the document's timestamp in
 * the stream; {@code fields}, what its message held beside the text; {@code pii}, the kinds of
 * personal data that were found. What no step has found is null.
 */
public final class DocumentRows {
  /** The column that holds the document's timestamp. */
  public static final String EVENT_TIME = "event_time";

  private static final Schema SCHEMA =
      Schema.builder()
          .addDateTimeField(EVENT_TIME)
          .addStringField("document_id")
          .addStringField("source_uri")
          .addStringField("media_type")
          .addInt64Field("size_bytes")
          .addStringField("sha256")
          .addNullableField("title", FieldType.STRING)
          .addNullableField("author", FieldType.STRING)
          .addNullableField("language", FieldType.STRING)
          .addNullableField("language_confidence", FieldType.DOUBLE)
          .addNullableField("text", FieldType.STRING)
          .addNullableField("translation", FieldType.STRING)
          .addNullableField("translation_language", FieldType.STRING)
          .addNullableField("summary", FieldType.STRING)
          .addNullableField("category", FieldType.STRING)
          .addNullableField("category_confidence", FieldType.DOUBLE)
          .addNullableField("sentiment", FieldType.STRING)
          .addNullableField("sentiment_confidence", FieldType.DOUBLE)
          .addNullableField("masked_text", FieldType.STRING)
          .addNullableField("duplicate_of", FieldType.STRING)
          .addNullableField("pages", FieldType.INT32)
          .addNullableField("duration_seconds", FieldType.DOUBLE)
          .addArrayField("models", FieldType.STRING)
          .addArrayField("pii", FieldType.STRING)
          .addMapField("fields", FieldType.STRING, FieldType.STRING)
          .build();

  private DocumentRows() {}

  /** The columns. Columns are only ever added at the end. */
  public static Schema schema() {
    return SCHEMA;
  }

  /** The row of a document that has this timestamp. */
  public static Row row(Document document, Instant eventTime) {
    DocumentColumns columns = DocumentColumns.of(document);
    Provenance provenance = document.provenance();
    TreeSet<String> pii = new TreeSet<>();
    for (Annotation.TextSpan span : document.annotationsOf(Annotation.TextSpan.class)) {
      if (span.origin().operator().equals("MaskPii")) {
        pii.add(span.kind());
      }
    }
    return Row.withSchema(SCHEMA)
        .addValue(eventTime)
        .addValue(document.id().value())
        .addValue(provenance.source().toString())
        .addValue(provenance.mediaType())
        .addValue(provenance.size())
        .addValue(provenance.digest().hex())
        .addValue(columns.title())
        .addValue(columns.author())
        .addValue(columns.language())
        .addValue(number(columns.languageConfidence()))
        .addValue(columns.text())
        .addValue(columns.translation())
        .addValue(columns.translationLanguage())
        .addValue(columns.summary())
        .addValue(columns.category())
        .addValue(number(columns.categoryConfidence()))
        .addValue(columns.sentiment())
        .addValue(number(columns.sentimentConfidence()))
        .addValue(columns.maskedText())
        .addValue(columns.duplicateOf())
        .addValue(columns.pages().isPresent() ? columns.pages().getAsInt() : null)
        .addValue(number(columns.durationSeconds()))
        .addValue(columns.models())
        .addValue(List.copyOf(pii))
        .addValue(columns.fields())
        .build();
  }

  /** Turns every document into its row; timestamps and windows stay. */
  public static PTransform<PCollection<Document>, PCollection<Row>> of() {
    return PTransform.compose(
        "DocumentRows",
        documents -> documents.apply("Rows", ParDo.of(new ToRow())).setRowSchema(SCHEMA));
  }

  private static @Nullable Double number(double value) {
    return Double.isNaN(value) ? null : value;
  }

  private static final class ToRow extends DoFn<Document, Row> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element Document document, @Timestamp Instant timestamp, OutputReceiver<Row> out) {
      out.output(row(document, timestamp));
    }
  }
}
