package dev.dragoman.connectors.index;

import dev.dragoman.connectors.parquet.ShardWriter;
import dev.dragoman.connectors.parquet.TextPositions;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.TextPart;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.FSDirectory;

/** Fills an index. May be called from several threads. */
public final class IndexBuilder implements Closeable {
  private static final double BUFFER_MB = 48;

  /** Labels longer than this are texts, not something to filter by. */
  private static final int LONGEST_FILTER = 256;

  private final FSDirectory directory;
  private final IndexWriter writer;
  private final Map<String, String> models = new TreeMap<>();

  /** Opens the index in this folder, or makes one. */
  public IndexBuilder(Path folder) throws IOException {
    directory = FSDirectory.open(folder);
    try {
      writer =
          new IndexWriter(
              directory,
              new IndexWriterConfig(Fields.analyzer())
                  .setCodec(new WideVectors())
                  .setRAMBufferSizeMB(BUFFER_MB)
                  .setCommitOnClose(false));
      writer.getLiveCommitData().forEach(entry -> models.put(entry.getKey(), entry.getValue()));
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /** Adds a document's chunks, or the document if it has none. */
  public void add(Document document) throws IOException {
    for (org.apache.lucene.document.Document entry : entries(document, document.id().value())) {
      writer.addDocument(entry);
    }
  }

  /** Adds a document in the place of all that was added under the same key. */
  void upsert(String key, long version, Document document) throws IOException {
    List<org.apache.lucene.document.Document> entries = entries(document, key);
    for (org.apache.lucene.document.Document entry : entries) {
      entry.add(new NumericDocValuesField(Fields.VERSION, version));
    }
    writer.updateDocuments(key(key), entries);
  }

  /** The term of a key. */
  static Term key(String key) {
    return new Term(Fields.KEY, key);
  }

  /** A reader of what is in the index now, committed or not. */
  DirectoryReader reader() throws IOException {
    return DirectoryReader.open(writer);
  }

  private List<org.apache.lucene.document.Document> entries(Document document, String key) {
    List<Annotation.Chunk> chunks = document.annotationsOf(Annotation.Chunk.class);
    Set<String> filters = filters(document);
    TextPositions positions = new TextPositions(document);
    List<org.apache.lucene.document.Document> entries = new ArrayList<>();
    for (Annotation.Chunk chunk : chunks) {
      entries.add(entry(document, filters, positions, chunk));
    }
    if (chunks.isEmpty()) {
      org.apache.lucene.document.Document entry = entry(document, filters, document.text());
      List<Annotation.Embedding> whole = document.annotationsOf(Annotation.Embedding.class);
      if (!whole.isEmpty()) {
        addVector(entry, whole.getLast());
      }
      entries.add(entry);
    }
    for (org.apache.lucene.document.Document entry : entries) {
      entry.add(new StringField(Fields.KEY, key, Field.Store.NO));
    }
    return entries;
  }

  /** Writes everything to the disk. */
  public void commit() throws IOException {
    synchronized (models) {
      writer.setLiveCommitData(List.copyOf(models.entrySet()));
    }
    writer.commit();
  }

  /** Closes the index; what was not committed is gone. */
  @Override
  public void close() throws IOException {
    try (directory) {
      writer.close();
    }
  }

  private org.apache.lucene.document.Document entry(
      Document document, Set<String> filters, TextPositions positions, Annotation.Chunk chunk) {
    org.apache.lucene.document.Document entry = entry(document, filters, chunk.text());
    entry.add(new StoredField(Fields.CHUNK_ID, ShardWriter.chunkId(document, chunk)));
    if (chunk.page() > 0) {
      entry.add(new StoredField(Fields.PAGE, chunk.page()));
      entry.add(filter("page", Integer.toString(chunk.page())));
    }
    TextPositions.Span span = positions.span(chunk.origin().part(), chunk.start(), chunk.end());
    if (span.exists()) {
      entry.add(new StoredField(Fields.START, span.start()));
      entry.add(new StoredField(Fields.END, span.end()));
    }
    if (!Double.isNaN(chunk.startSeconds())) {
      entry.add(new StoredField(Fields.START_SECONDS, chunk.startSeconds()));
      entry.add(new StoredField(Fields.END_SECONDS, chunk.endSeconds()));
    }
    Annotation.Embedding embedding = chunk.embedding();
    if (embedding != null) {
      addVector(entry, embedding);
    }
    return entry;
  }

  private static org.apache.lucene.document.Document entry(
      Document document, Set<String> filters, String text) {
    var entry = new org.apache.lucene.document.Document();
    String language = label(document, "language");
    String title = label(document, "title");
    entry.add(new StoredField(Fields.DOCUMENT_ID, document.id().value()));
    entry.add(new StoredField(Fields.SOURCE_URI, document.provenance().source().toString()));
    entry.add(new StoredField(Fields.MEDIA_TYPE, document.provenance().mediaType()));
    entry.add(new StoredField(Fields.LANGUAGE, language));
    entry.add(new StoredField(Fields.STORED_TITLE, title));
    entry.add(new TextField(Fields.TITLE, title, Field.Store.NO));
    entry.add(new TextField(Fields.TEXT, text, Field.Store.YES));
    if (!Fields.stemmed(language).equals(Fields.TEXT)) {
      entry.add(new TextField(Fields.stemmed(language), text, Field.Store.NO));
    }
    for (String filter : filters) {
      entry.add(new StringField(Fields.FILTER, filter, Field.Store.NO));
    }
    return entry;
  }

  private void addVector(org.apache.lucene.document.Document entry, Annotation.Embedding found) {
    float[] vector = found.vector();
    float[] unit = unit(vector);
    if (unit.length == 0) {
      return;
    }
    entry.add(
        new KnnFloatVectorField(
            Fields.VECTOR + unit.length, unit, VectorSimilarityFunction.DOT_PRODUCT));
    synchronized (models) {
      models.putIfAbsent(Fields.MODEL + unit.length, found.origin().model());
    }
  }

  /** The vector at unit length; empty where it has no direction. */
  static float[] unit(float[] vector) {
    double square = 0;
    for (float x : vector) {
      square += (double) x * x;
    }
    if (!(square > 0) || Double.isInfinite(square)) {
      return new float[0];
    }
    if (Math.abs(square - 1) < 1e-5) {
      return vector;
    }
    float[] unit = new float[vector.length];
    double scale = 1 / Math.sqrt(square);
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] * scale);
    }
    return unit;
  }

  private static Set<String> filters(Document document) {
    Set<String> filters = new LinkedHashSet<>();
    filters.add(term("document_id", document.id().value()));
    filters.add(term("source_uri", document.provenance().source().toString()));
    filters.add(term("media_type", document.provenance().mediaType()));
    for (Annotation.Label label : document.annotationsOf(Annotation.Label.class)) {
      if (label.value().length() <= LONGEST_FILTER) {
        String key = label.kind();
        filters.add(
            term(
                key.startsWith("column:") ? key.substring("column:".length()) : key,
                label.value()));
      }
    }
    for (TextPart.Role role :
        document.textParts().stream().map(TextPart::role).distinct().toList()) {
      filters.add(term("role", role.name()));
    }
    return filters;
  }

  private static StringField filter(String key, String value) {
    return new StringField(Fields.FILTER, term(key, value), Field.Store.NO);
  }

  /** Keys and values without regard to case. */
  static String term(String key, String value) {
    String term = key.toLowerCase(Locale.ROOT) + "=" + value.toLowerCase(Locale.ROOT);
    return term.length() <= 4 * LONGEST_FILTER ? term : term.substring(0, 4 * LONGEST_FILTER);
  }

  private static String label(Document document, String kind) {
    return document.label(kind).map(Annotation.Label::value).orElse("");
  }
}
