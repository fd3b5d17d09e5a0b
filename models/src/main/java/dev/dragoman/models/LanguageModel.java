package dev.dragoman.models;

import dev.dragoman.models.architecture.Decoder;
import java.nio.file.Path;

/** A model that goes on with a text, token by token. Safe for use by many threads. */
public interface LanguageModel extends AutoCloseable {
  /**
   * Opens the model in a Hugging Face folder or a GGUF file; no tokenizer is needed.
   *
   * @throws ModelException if there is no model that is known here
   */
  static LanguageModel open(Path path) {
    return open(path, LanguageModelOptions.defaults());
  }

  /**
   * The same, with options. Weights that the file has in blocks of few bits stay as they are in it,
   * mapped; others are copied once.
   */
  static LanguageModel open(Path path, LanguageModelOptions options) {
    return Models.openLanguageModel(path, options);
  }

  /**
   * Whether a folder or file says that it holds a language model, rather than an encoder.
   *
   * @throws ModelException if it cannot be read
   */
  static boolean isOne(Path path) {
    return Models.isLanguageModel(path);
  }

  /** The model itself, to run sequences of any number together. It ends with this. */
  Decoder decoder();

  /**
   * The scores of the next token after each token of a text.
   *
   * @param ids at least one
   * @return [ids, vocabulary]
   * @throws ModelException if there are too many ids, one is outside the vocabulary, or the
   *     checkpoint has no head
   */
  float[][] logits(int[] ids);

  /**
   * The hidden state of each token of a text after the last normalisation.
   *
   * @param ids at least one
   * @return [ids, width]
   * @throws ModelException if there are too many ids or one is outside the vocabulary
   */
  float[][] lastHiddenState(int[] ids);

  /** Unmaps the weights and ends the threads, after the calls that are in the model. */
  @Override
  void close();
}
