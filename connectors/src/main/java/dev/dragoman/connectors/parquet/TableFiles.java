package dev.dragoman.connectors.parquet;

import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.coder.DocumentCoder;
import dev.dragoman.operators.record.coder.RejectedCoder;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.RowCoder;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.Row;
import org.jspecify.annotations.Nullable;

/**
 * How elements become files, one a table, in the order in which the files become visible: what a
 * row of {@code documents} speaks of is there before the row is.
 */
interface TableFiles<T> extends Serializable {
  /**
   * A whole Parquet file.
   *
   * @param table the folder it belongs to
   */
  record TableFile(String table, byte[] bytes) {}

  /** What elements are kept as until they are written. */
  Coder<T> coder();

  /** Spreads elements over shards: the same for the same element, whenever it comes. */
  int hash(T element, byte[] encoded);

  /** The files of these; a table without rows has none unless {@code empty} asks for it. */
  List<TableFile> files(List<T> elements, boolean empty) throws IOException;

  /** Documents: their rows, their chunks, their annotations. */
  record OfDocuments(String recipeDigest) implements TableFiles<Document> {
    private static final long serialVersionUID = 1;

    @Override
    public Coder<Document> coder() {
      return DocumentCoder.of();
    }

    @Override
    public int hash(Document document, byte[] encoded) {
      return document.id().value().hashCode();
    }

    @Override
    public List<TableFile> files(List<Document> documents, boolean empty) throws IOException {
      List<Document> sorted =
          documents.stream().sorted(Comparator.comparing(Document::id)).toList();
      return write(
          recipeDigest,
          empty,
          writer -> {
            for (Document document : sorted) {
              writer.write(document);
            }
          });
    }
  }

  /** Rejections. */
  record OfRejected() implements TableFiles<Rejected> {
    private static final long serialVersionUID = 1;

    @Override
    public Coder<Rejected> coder() {
      return RejectedCoder.of();
    }

    @Override
    public int hash(Rejected rejected, byte[] encoded) {
      return rejected.document().id().value().hashCode();
    }

    @Override
    public List<TableFile> files(List<Rejected> all, boolean empty) throws IOException {
      return write(
          "",
          empty,
          writer -> {
            for (Rejected rejected : all) {
              writer.write(rejected, CoderUtils.encodeToByteArray(RejectedCoder.of(), rejected));
            }
          });
    }
  }

  /** Rows of any schema, in one table. */
  record OfRows(String table, Schema schema) implements TableFiles<Row> {
    private static final long serialVersionUID = 1;

    @Override
    public Coder<Row> coder() {
      return RowCoder.of(schema);
    }

    @Override
    public int hash(Row row, byte[] encoded) {
      return java.util.Arrays.hashCode(encoded);
    }

    @Override
    public List<TableFile> files(List<Row> rows, boolean empty) throws IOException {
      MemoryFile file = new MemoryFile();
      try (RowWriter writer = new RowWriter(RowColumns.schema(table, schema), file)) {
        for (Row row : rows) {
          writer.write(columns -> RowColumns.write(columns.out(), row));
        }
      }
      return List.of(new TableFile(table, file.bytes()));
    }
  }

  /** Fills a writer. */
  interface Filling {
    void into(ShardWriter writer) throws IOException;
  }

  private static List<TableFile> write(String recipeDigest, boolean empty, Filling filling)
      throws IOException {
    Map<Table, MemoryFile> files = new EnumMap<>(Table.class);
    Map<Table, Long> rows = new EnumMap<>(Table.class);
    ShardWriter writer =
        new ShardWriter(
            recipeDigest,
            table -> {
              MemoryFile file = new MemoryFile();
              files.put(table, file);
              return file;
            });
    try (writer) {
      filling.into(writer);
      for (Table table : Table.values()) {
        rows.put(table, writer.rows(table));
      }
    }
    List<TableFile> written = new ArrayList<>();
    for (Table table : List.of(Table.CHUNKS, Table.ANNOTATIONS, Table.REJECTED, Table.DOCUMENTS)) {
      @Nullable Long count = rows.get(table);
      MemoryFile file = files.get(table);
      if (file != null && (empty || (count != null && count > 0))) {
        written.add(new TableFile(table.folder(), file.bytes()));
      }
    }
    return written;
  }
}
