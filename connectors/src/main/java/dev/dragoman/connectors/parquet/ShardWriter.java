package dev.dragoman.connectors.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.DocumentColumns;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.Sha256;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;

/** Writes one file of each table. Rows come out in the order documents go in. */
public final class ShardWriter implements Closeable {
  /** Says where the file of a table goes. */
  interface Place {
    OutputFile of(Table table) throws IOException;
  }

  private final String recipeDigest;
  private final Map<Table, RowWriter> writers = new EnumMap<>(Table.class);

  /**
   * Opens files named {@code part-<number>.parquet} in the tables' folders under {@code folder}.
   *
   * @param recipeDigest goes into every row of {@code documents}
   */
  public ShardWriter(Path folder, int number, String recipeDigest) throws IOException {
    this(
        recipeDigest,
        table -> {
          Path place = Files.createDirectories(folder.resolve(table.folder()));
          return new LocalOutputFile(place.resolve(fileName(number)));
        });
  }

  /** Opens the file of every table where {@code place} says. */
  ShardWriter(String recipeDigest, Place place) throws IOException {
    this.recipeDigest = recipeDigest;
    try {
      for (Table table : Table.values()) {
        writers.put(table, new RowWriter(table.schema(), place.of(table)));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The name of the file with this number. */
  public static String fileName(int number) {
    return "part-%05d.parquet".formatted(number);
  }

  /** How many rows this table has so far. */
  public long rows(Table table) {
    return writer(table).rows();
  }

  /** Writes a finished document: its row, its chunks, its findings. */
  public void write(Document document) throws IOException {
    TextPositions positions = new TextPositions(document);
    writeDocument(document);
    for (Annotation.Chunk chunk : document.annotationsOf(Annotation.Chunk.class)) {
      writeChunk(document, chunk, positions);
    }
    Map<String, Integer> seen = new HashMap<>();
    for (Annotation annotation : document.annotations()) {
      writeAnnotation(document, annotation, positions, seen);
    }
  }

  /**
   * Writes a rejection.
   *
   * @param payload its encoding, for a replay
   */
  public void write(Rejected rejected, byte[] payload) throws IOException {
    Document document = rejected.document();
    writer(Table.REJECTED)
        .write(row ->
            row.text("document_id", document.id().value())
                .text("source_uri", document.provenance().source().toString())
                .text("operator", rejected.failure().operator())
                .text("code", rejected.failure().code().name())
                .text("message", rejected.failure().message())
                .integer("attempts", rejected.failure().attempts())
                .bytes("payload", payload)
                .text("media_type", document.provenance().mediaType())
                .bigint("size_bytes", document.provenance().size()));
  }

  /** Finishes the files. A table without rows is still a file that says its columns. */
  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (RowWriter writer : writers.values()) {
      try {
        writer.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private RowWriter writer(Table table) {
    RowWriter writer = writers.get(table);
    if (writer == null) {
      throw new IllegalStateException("the file of " + table.folder() + " was never opened");
    }
    return writer;
  }

  private void writeDocument(Document document) throws IOException {
    DocumentColumns columns = DocumentColumns.of(document);
    Annotation.Embedding embedding = columns.embedding();
    writer(Table.DOCUMENTS)
        .write(row -> {
          row.text("document_id", document.id().value())
              .text("source_uri", document.provenance().source().toString())
              .text("media_type", document.provenance().mediaType())
              .bigint("size_bytes", document.provenance().size())
              .text("sha256", document.provenance().digest().hex())
              .text("title", columns.title())
              .text("language", columns.language())
              .number("language_confidence", columns.languageConfidence())
              .text("text", columns.text())
              .text("translation", columns.translation())
              .text("translation_language", columns.translationLanguage())
              .text("summary", columns.summary())
              .text("category", columns.category())
              .number("category_confidence", columns.categoryConfidence())
              .text("sentiment", columns.sentiment())
              .number("sentiment_confidence", columns.sentimentConfidence())
              .text("masked_text", columns.maskedText());
          columns.pages().ifPresent(pages -> row.integer("pages", pages));
          row.number("duration_seconds", columns.durationSeconds())
              .text("recipe_digest", recipeDigest)
              .texts("models", columns.models())
              .text("author", columns.author())
              .text("duplicate_of", columns.duplicateOf())
              .texts("steps", columns.steps())
              .texts("skipped", columns.skipped());
          if (embedding != null) {
            row.floats("embedding", embedding.vector())
                .text("embedding_model", embedding.origin().model());
          }
        });
  }

  private void writeChunk(Document document, Annotation.Chunk chunk, TextPositions positions)
      throws IOException {
    TextPositions.Span span = positions.span(chunk.origin().part(), chunk.start(), chunk.end());
    String id = chunkId(document, chunk);
    writer(Table.CHUNKS)
        .write(row -> {
          row.text("chunk_id", id)
              .text("document_id", document.id().value())
              .integer("ordinal", chunk.ordinal())
              .text("text", chunk.text());
          writeSpan(row, span);
          row.fromOne("page", chunk.page())
              .number("start_seconds", chunk.startSeconds())
              .number("end_seconds", chunk.endSeconds());
          Annotation.Embedding embedding = chunk.embedding();
          if (embedding != null) {
            row.floats("embedding", embedding.vector())
                .text("embedding_model", embedding.origin().model());
          }
        });
  }

  private void writeAnnotation(
      Document document, Annotation annotation, TextPositions positions, Map<String, Integer> seen)
      throws IOException {
    String value;
    int start = -1;
    int end = -1;
    int page = 0;
    double[] box = {Double.NaN, Double.NaN, Double.NaN, Double.NaN};
    double startSeconds = Double.NaN;
    double endSeconds = Double.NaN;
    switch (annotation) {
      case Annotation.TextSpan it -> {
        value = it.value();
        start = it.start();
        end = it.end();
      }
      case Annotation.Region it -> {
        value = it.value();
        start = it.start();
        end = it.end();
        page = it.page();
        box = new double[] {it.x(), it.y(), it.width(), it.height()};
      }
      case Annotation.Interval it -> {
        value = it.value();
        start = it.start();
        end = it.end();
        startSeconds = it.startSeconds();
        endSeconds = it.endSeconds();
      }
      case Annotation.Label it -> value = it.value();
      case Annotation.Rewrite it -> value = it.value();
      case Annotation.Chunk _ -> {
        return;
      }
      case Annotation.Embedding _ -> {
        return;
      }
    }
    Origin origin = annotation.origin();
    TextPositions.Span span = positions.span(origin.part(), start, end);
    int onPage = page > 0 ? page : positions.page(origin.part());
    double[] at = box;
    double from = startSeconds;
    double to = endSeconds;
    String content =
        String.join(
            "\0",
            document.id().value(),
            origin.part().value(),
            origin.operator(),
            origin.operatorVersion(),
            origin.model(),
            annotation.kind(),
            value,
            start + " " + end + " " + page,
            at[0] + " " + at[1] + " " + at[2] + " " + at[3],
            from + " " + to);
    int before = seen.merge(content, 1, Integer::sum) - 1;
    String id = hash("annotation", content + "\0" + before);
    writer(Table.ANNOTATIONS)
        .write(row -> {
          row.text("annotation_id", id)
              .text("document_id", document.id().value())
              .text("operator", origin.operator())
              .text("operator_version", origin.operatorVersion())
              .text("model", origin.model().isEmpty() ? null : origin.model())
              .text("kind", annotation.kind())
              .text("value", value)
              .number("confidence", annotation.confidence());
          writeSpan(row, span);
          row.fromOne("page", onPage)
              .number("x", at[0])
              .number("y", at[1])
              .number("width", at[2])
              .number("height", at[3])
              .number("start_seconds", from)
              .number("end_seconds", to)
              .text("part", origin.part().value());
        });
  }

  /** The id of a chunk: from its document, its place and its text. */
  public static String chunkId(Document document, Annotation.Chunk chunk) {
    return hash(
        "chunk",
        String.join(
            "\0",
            document.id().value(),
            chunk.origin().part().value(),
            chunk.ordinal() + " " + chunk.start() + " " + chunk.end(),
            chunk.text()));
  }

  private static void writeSpan(Columns row, TextPositions.Span span) {
    if (span.exists()) {
      row.integer("start_offset", span.start()).integer("end_offset", span.end());
    }
  }

  private static String hash(String type, String content) {
    return Sha256.of((type + "\0" + content).getBytes(UTF_8)).hex().substring(0, 32);
  }
}
