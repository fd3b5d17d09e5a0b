package dev.dragoman.models;

import dev.dragoman.models.architecture.EncoderTask;
import java.nio.file.Path;
import java.util.List;

/**
 * Labels the tokens of a text, and finds the entities (names of people, places, ...) that they make
 * up: any model with a head for token classification. Safe for use by many threads. Texts longer
 * than the model takes are looked at in parts that overlap.
 */
public interface TokenClassifier extends AutoCloseable {
  /**
   * A stretch of text with a label.
   *
   * @param label for a token as the model's {@code id2label} names it ({@code B-PER}); for an
   *     entity without the part that says where it begins ({@code PER})
   * @param score a probability from 0 to 1; for an entity the mean of its tokens'
   * @param start UTF-16 offset in the text
   * @param end UTF-16 offset where it ends, excluded
   */
  record Span(String label, double score, int start, int end) {}

  /**
   * Opens the model in a Hugging Face folder ({@code config.json}, {@code tokenizer.json}, {@code
   * *.safetensors}).
   *
   * @throws ModelException if the folder holds no model that is known here, or one without a head
   *     for token classification
   */
  static TokenClassifier open(Path folder) {
    return open(folder, ClassifyOptions.defaults());
  }

  /**
   * Opens the model in a Hugging Face folder, to be used in this way.
   *
   * @throws ModelException if the folder holds no model that is known here, or one without a head
   *     for token classification
   */
  static TokenClassifier open(Path folder, ClassifyOptions options) {
    return Models.openTokenClassifier(folder, options);
  }

  /**
   * Whether a folder says that it holds a model for token classification.
   *
   * @throws ModelException if it cannot be read
   */
  static boolean isOne(Path folder) {
    return Models.isEncoderFor(EncoderTask.TOKENS, folder);
  }

  /** Its labels, by their numbers. */
  List<String> labels();

  /** The model's tokenizer. */
  Tokenizer tokenizer();

  /** The best label of each token of each text, in order; special tokens are left out. */
  List<List<Span>> tokens(List<String> texts);

  /**
   * The entities of each text, in order. Tokens that follow one another with the same label are one
   * entity, except where a label says that another begins ({@code B-}, {@code S-}) or that one has
   * ended ({@code E-}, {@code S-}); tokens labelled {@code O} belong to none. For labels with
   * {@code B-} and {@code I-} that is what transformers calls "simple" aggregation.
   */
  List<List<Span>> entities(List<String> texts);

  /** The entities of a text, in order. */
  default List<Span> entities(String text) {
    return entities(List.of(text)).getFirst();
  }

  /** Unmaps the weights. */
  @Override
  void close();
}
