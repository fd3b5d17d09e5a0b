package dev.dragoman.connectors.index;

import dev.dragoman.connectors.UsageException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.queryparser.simple.SimpleQueryParser;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.WildcardQuery;
import org.apache.lucene.search.uhighlight.DefaultPassageFormatter;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.StringHelper;
import org.jspecify.annotations.Nullable;

/** Searches the index of an output folder. Safe for several threads. */
public final class SearchIndex implements Closeable {
  /** How hits are found. */
  public enum Mode {
    /** By the words of the query, stemmed: BM25. */
    TEXT,
    /** By meaning: nearest embeddings. */
    VECTOR,
    /** Both, their ranks fused. */
    HYBRID
  }

  /**
   * What is asked.
   *
   * @param text words, {@code "phrases"}, {@code +must}, {@code -mustnot}, {@code begin*}
   * @param filters values wanted by key; several values of a key are alternatives, {@code *} stands
   *     for anything
   * @param top how many hits at most, from 1
   */
  public record Request(String text, Mode mode, Map<String, List<String>> filters, int top) {
    public Request {
      filters = Map.copyOf(filters);
      if (text.isBlank()) {
        throw new UsageException("the query is empty; say what to look for");
      }
      if (top < 1 || top > MAX_TOP) {
        throw new UsageException("--top must be from 1 to " + MAX_TOP + ", not " + top);
      }
    }
  }

  /**
   * What was found.
   *
   * @param score BM25 in text mode, 0 to 1 in vector mode ((1 + cosine) / 2), the sum of reciprocal
   *     ranks in hybrid mode
   * @param chunkId empty for a document that has no chunks
   * @param snippet the best passage, found words between {@code <b>} and {@code </b>}
   * @param page from 1, 0 where there are no pages
   * @param startOffset of the chunk, code points in the document's text; -1 where unknown
   * @param startSeconds NaN where there is no sound
   */
  public record Hit(
      double score,
      String documentId,
      String chunkId,
      String sourceUri,
      String title,
      String language,
      String snippet,
      String text,
      int page,
      int startOffset,
      int endOffset,
      double startSeconds,
      double endSeconds) {}

  /** The most hits one request may ask for. */
  public static final int MAX_TOP = 1_000;

  /** From the paper on reciprocal rank fusion: https://dl.acm.org/doi/10.1145/1571941.1572114. */
  private static final int RANK_CONSTANT = 60;

  private static final int SNIPPET_CHARS = 240;

  /** How the folders of an index's parts begin, where it has several. */
  static final String SHARD = "shard-";

  private final Path folder;
  private final Analyzer analyzer = Fields.analyzer();
  private volatile IndexView view;

  /**
   * Opens an index.
   *
   * @throws UsageException if there is none
   */
  public SearchIndex(Path folder) throws IOException {
    this.folder = folder;
    this.view = IndexView.open(folder);
  }

  /**
   * Sees what was committed since: only what is new is opened. Searches that run go on with what
   * they began with.
   *
   * @return whether there was anything new
   */
  public synchronized boolean refresh() throws IOException {
    IndexView old = view;
    IndexView fresh = old.changed(folder);
    if (fresh == null) {
      return false;
    }
    view = fresh;
    old.close();
    return true;
  }

  /** The catalog name of the model that embedded the chunks; empty if nothing is embedded. */
  public Optional<String> embeddingModel() {
    return view.models().values().stream().findFirst();
  }

  /** How many entries there are. */
  public int size() {
    return view.reader().numDocs();
  }

  /**
   * Finds the best entries.
   *
   * @param embedder makes the query's vector with the model of the index; not called in text mode
   * @return best first; equal scores in the order of document and chunk ids
   * @throws UsageException if a filter's key does not exist, or vectors are asked for and none are
   *     there
   */
  public List<Hit> search(Request request, Function<String, float[]> embedder) throws IOException {
    try (IndexView now = use()) {
      return search(now, request, embedder);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    view.close();
  }

  private IndexView use() {
    while (true) {
      IndexView now = view;
      if (now.tryUse()) {
        return now;
      }
      if (now == view) {
        throw new IllegalStateException("the index is closed");
      }
    }
  }

  private List<Hit> search(IndexView view, Request request, Function<String, float[]> embedder)
      throws IOException {
    Query filter = filter(view, request.filters());
    Query words = words(request.text());
    List<ScoreDoc> found =
        switch (request.mode()) {
          case TEXT -> best(view, filtered(words, filter), request.top());
          case VECTOR -> nearest(view, request, embedder, filter, request.top());
          case HYBRID -> {
            int depth = Math.min(MAX_TOP, Math.max(50, 5 * request.top()));
            yield fuse(
                best(view, filtered(words, filter), depth),
                nearest(view, request, embedder, filter, depth));
          }
        };
    List<Hit> hits = new ArrayList<>();
    for (ScoreDoc doc : found) {
      hits.add(hit(view, doc, words));
    }
    hits.sort(
        Comparator.comparingDouble(Hit::score)
            .reversed()
            .thenComparing(Hit::documentId)
            .thenComparing(Hit::chunkId));
    return List.copyOf(hits.subList(0, Math.min(request.top(), hits.size())));
  }

  private Query words(String text) {
    List<Query> fields = new ArrayList<>();
    for (Map.Entry<String, Float> field :
        Map.of(Fields.TEXT, 1f, Fields.TEXT_NL, 1f, Fields.TEXT_EN, 1f, Fields.TITLE, 0.5f)
            .entrySet()
            .stream()
            .sorted(Map.Entry.comparingByKey())
            .toList()) {
      Query query =
          new SimpleQueryParser(analyzer, Map.of(field.getKey(), field.getValue())).parse(text);
      if (query != null && !(query instanceof MatchNoDocsQuery)) {
        fields.add(query);
      }
    }
    return fields.isEmpty() ? new MatchNoDocsQuery() : new DisjunctionMaxQuery(fields, 0.1f);
  }

  private static Query filtered(Query query, @Nullable Query filter) {
    return filter == null
        ? query
        : new BooleanQuery.Builder()
            .add(query, BooleanClause.Occur.MUST)
            .add(filter, BooleanClause.Occur.FILTER)
            .build();
  }

  private static @Nullable Query filter(IndexView view, Map<String, List<String>> filters)
      throws IOException {
    if (filters.isEmpty()) {
      return null;
    }
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    for (Map.Entry<String, List<String>> wanted : filters.entrySet()) {
      if (!hasKey(view, wanted.getKey())) {
        throw new UsageException(
            "nothing in the index can be filtered by '"
                + wanted.getKey()
                + "'; there is "
                + String.join(", ", keys(view)));
      }
      BooleanQuery.Builder any = new BooleanQuery.Builder();
      for (String value : wanted.getValue()) {
        String term = IndexBuilder.term(wanted.getKey(), value);
        Term at = new Term(Fields.FILTER, term);
        any.add(
            value.indexOf('*') < 0 ? new TermQuery(at) : new WildcardQuery(at),
            BooleanClause.Occur.SHOULD);
      }
      all.add(any.build(), BooleanClause.Occur.FILTER);
    }
    return all.build();
  }

  private static boolean hasKey(IndexView view, String key) throws IOException {
    BytesRef prefix = new BytesRef(IndexBuilder.term(key, ""));
    for (LeafReaderContext leaf : view.reader().leaves()) {
      Terms terms = leaf.reader().terms(Fields.FILTER);
      if (terms != null) {
        TermsEnum each = terms.iterator();
        if (each.seekCeil(prefix) != TermsEnum.SeekStatus.END
            && StringHelper.startsWith(each.term(), prefix)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The keys one can filter by, found by jumping from key to key. */
  private static TreeSet<String> keys(IndexView view) throws IOException {
    TreeSet<String> keys = new TreeSet<>();
    for (LeafReaderContext leaf : view.reader().leaves()) {
      Terms terms = leaf.reader().terms(Fields.FILTER);
      if (terms == null) {
        continue;
      }
      TermsEnum each = terms.iterator();
      TermsEnum.SeekStatus status = each.seekCeil(new BytesRef(""));
      while (status != TermsEnum.SeekStatus.END) {
        String key = each.term().utf8ToString().split("=", 2)[0];
        keys.add(key);
        status = each.seekCeil(new BytesRef(key + (char) ('=' + 1)));
      }
    }
    return keys;
  }

  private static List<ScoreDoc> best(IndexView view, Query query, int top) throws IOException {
    return List.of(view.searcher().search(query, top).scoreDocs);
  }

  private static List<ScoreDoc> nearest(
      IndexView view,
      Request request,
      Function<String, float[]> embedder,
      @Nullable Query filter,
      int top)
      throws IOException {
    if (view.models().isEmpty()) {
      throw new UsageException(
          "the index holds no embeddings (the recipe had no Embed step); search with --mode text");
    }
    float[] vector = IndexBuilder.unit(embedder.apply(request.text()));
    if (!view.models().containsKey(vector.length)) {
      throw new UsageException(
          "the index was embedded with "
              + String.join(", ", view.models().values())
              + ", whose vectors have another length; search with that model");
    }
    int candidates = Math.max(100, top);
    List<ScoreDoc> found =
        best(
            view,
            new KnnFloatVectorQuery(Fields.VECTOR + vector.length, vector, candidates, filter),
            candidates);
    return found.subList(0, Math.min(top, found.size()));
  }

  private static List<ScoreDoc> fuse(List<ScoreDoc> one, List<ScoreDoc> other) {
    Map<Integer, Double> scores = new LinkedHashMap<>();
    for (List<ScoreDoc> list : List.of(one, other)) {
      for (int rank = 0; rank < list.size(); rank++) {
        scores.merge(list.get(rank).doc, 1.0 / (RANK_CONSTANT + rank + 1), Double::sum);
      }
    }
    return scores.entrySet().stream()
        .map(entry -> new ScoreDoc(entry.getKey(), entry.getValue().floatValue()))
        .toList();
  }

  private Hit hit(IndexView view, ScoreDoc found, Query words) throws IOException {
    Document entry = view.searcher().storedFields().document(found.doc);
    Map<String, IndexableField> fields = new HashMap<>();
    entry.forEach(field -> fields.put(field.name(), field));
    String text = string(fields, Fields.TEXT);
    String language = string(fields, Fields.LANGUAGE);
    return new Hit(
        found.score,
        string(fields, Fields.DOCUMENT_ID),
        string(fields, Fields.CHUNK_ID),
        string(fields, Fields.SOURCE_URI),
        string(fields, Fields.STORED_TITLE),
        language,
        snippet(text, language, words),
        text,
        (int) number(fields, Fields.PAGE, 0),
        (int) number(fields, Fields.START, -1),
        (int) number(fields, Fields.END, -1),
        number(fields, Fields.START_SECONDS, Double.NaN),
        number(fields, Fields.END_SECONDS, Double.NaN));
  }

  private static String string(Map<String, IndexableField> fields, String name) {
    IndexableField field = fields.get(name);
    String value = field == null ? null : field.stringValue();
    return value == null ? "" : value;
  }

  private static double number(Map<String, IndexableField> fields, String name, double otherwise) {
    IndexableField field = fields.get(name);
    Number value = field == null ? null : field.numericValue();
    return value == null ? otherwise : value.doubleValue();
  }

  private String snippet(String text, String language, Query words) {
    if (text.isEmpty()) {
      return "";
    }
    UnifiedHighlighter highlighter =
        UnifiedHighlighter.builderWithoutSearcher(analyzer)
            .withMaxLength(1 << 20)
            .withFormatter(new DefaultPassageFormatter())
            .withBreakIterator(() -> BreakIterator.getSentenceInstance(Locale.ROOT))
            .withMaxNoHighlightPassages(0)
            .build();
    try {
      for (String field : List.of(Fields.stemmed(language), Fields.TEXT)) {
        if (highlighter.highlightWithoutSearcher(field, words, text, 1) instanceof String passage) {
          return passage.strip();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String start = text.strip();
    if (start.length() <= SNIPPET_CHARS) {
      return start;
    }
    int cut = start.lastIndexOf(' ', SNIPPET_CHARS);
    return start.substring(0, cut > 0 ? cut : start.offsetByCodePoints(0, SNIPPET_CHARS / 2))
        + " ...";
  }
}
