package dev.dragoman.operators.text;

import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.record.Document;
import java.util.List;

/**
 * Finds documents that say the same as another one.
 *
 * <p>Opened as an operator it compares the documents of one batch, which is what one wants of a
 * list in memory. A graph has to compare documents of all batches: it applies {@code
 * dev.dragoman.operators.beam.dedupe.DeduplicateTransform.of(config)} wherever a configuration is a
 * {@link Config} of this class. Both give the same result for the same documents.
 */
public final class Deduplicate implements Operator {
  static final String NAME = "Deduplicate";
  static final String VERSION = "1";

  /** The kind of the label whose value is the id of the document that is duplicated. */
  public static final String KIND = "duplicate_of";

  /** What texts are compared by. */
  public enum Shingle {
    /** Runs of characters: catches changed words and spelling. */
    CHARACTERS,
    /** Runs of words: stricter, faster on long texts. */
    WORDS
  }

  /** When two documents are duplicates. */
  @OperatorInfo(
      name = NAME,
      version = VERSION,
      summary = "Finds documents whose text equals or nearly equals that of another one.",
      details =
          "Adds a label of kind duplicate_of to a document if others are at least as similar to it"
              + " as the threshold and one of them has a smaller id; its value is the smallest such"
              + " id, its confidence the similarity. No document is dropped. Texts that differ in"
              + " case, punctuation and blanks only are equal, with similarity 1; others are"
              + " compared by MinHash, with a standard error of about 0.02. Documents without text"
              + " are equal if their bytes are. In a graph all documents of the run are compared,"
              + " so that it ends a batch; a stream is compared window by window.")
  public record Config(
      @Param(
              value =
                  "How similar two texts must be, as the share of their shingles that they have in"
                      + " common (Jaccard), from 0.3 to 1.",
              fallback = "0.85")
          double threshold,
      @Param(
              value = "Looks for nearly equal texts too; false finds exact copies only.",
              fallback = "true")
          boolean near,
      @Param(
              value =
                  "What a text is cut into to be compared: characters notices changed words and"
                      + " letters, words is stricter.",
              fallback = "\"characters\"")
          Shingle shingle,
      @Param(
              value =
                  "How many characters or words a shingle has, from 1 to 50. Shorter texts are"
                      + " compared for equality only.",
              fallback = "5")
          int shingleSize)
      implements OperatorConfig {
    private static final long serialVersionUID = 1;

    public Config {
      if (!(threshold >= 0.3 && threshold <= 1)) {
        throw new ConfigException(
            "threshold", NAME + ".threshold must be from 0.3 to 1, not " + threshold);
      }
      if (shingleSize < 1 || shingleSize > 50) {
        throw new ConfigException(
            "shingle_size", NAME + ".shingle_size must be from 1 to 50, not " + shingleSize);
      }
    }

    /** Every parameter at its default. */
    public static Config defaults() {
      return Configs.defaults(Config.class);
    }

    @Override
    public Deduplicate open(OperatorContext context) {
      return new Deduplicate(this);
    }
  }

  private final Duplicates duplicates;

  private Deduplicate(Config config) {
    this.duplicates = new Duplicates(config);
  }

  @Override
  public List<Outcome> apply(List<Document> batch) {
    return duplicates.label(batch).stream().<Outcome>map(Outcome.Enriched::new).toList();
  }

  @Override
  public void close() {}
}
