package dev.dragoman.connectors.index;

import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.standard.StandardTokenizer;

/** The names of the index's fields, and how texts are cut into words. */
final class Fields {
  static final String TEXT = "text";
  static final String TEXT_NL = "text_nl";
  static final String TEXT_EN = "text_en";
  static final String TITLE = "title_text";

  static final String DOCUMENT_ID = "document_id";
  static final String CHUNK_ID = "chunk_id";
  static final String SOURCE_URI = "source_uri";
  static final String STORED_TITLE = "title";
  static final String LANGUAGE = "language";
  static final String MEDIA_TYPE = "media_type";
  static final String PAGE = "page";
  static final String START = "start_offset";
  static final String END = "end_offset";
  static final String START_SECONDS = "start_seconds";
  static final String END_SECONDS = "end_seconds";

  /** What documents replace each other by. */
  static final String KEY = "key";

  /** The event time of a document that may be replaced. */
  static final String VERSION = "version";

  /** Filters are one field of {@code key=value} terms, so that any label can be one. */
  static final String FILTER = "filter";

  static final String VECTOR = "embedding_";

  /** What is written beside the index: the model of each dimension. */
  static final String MODEL = "embedding_model_";

  private Fields() {}

  /** The field with the stemmer for this language; {@link #TEXT} for all others. */
  static String stemmed(String language) {
    return switch (language) {
      case "nl" -> TEXT_NL;
      case "en" -> TEXT_EN;
      default -> TEXT;
    };
  }

  static Analyzer analyzer() {
    return new PerFieldAnalyzerWrapper(
        new Plain(), Map.of(TEXT_NL, new DutchAnalyzer(), TEXT_EN, new EnglishAnalyzer()));
  }

  /** Words in lower case without accents, for every language. */
  private static final class Plain extends Analyzer {
    @Override
    protected TokenStreamComponents createComponents(String field) {
      Tokenizer words = new StandardTokenizer();
      return new TokenStreamComponents(words, new ASCIIFoldingFilter(new LowerCaseFilter(words)));
    }

    @Override
    protected TokenStream normalize(String field, TokenStream in) {
      return new ASCIIFoldingFilter(new LowerCaseFilter(in));
    }
  }
}
