package dev.dragoman.models;

import java.nio.file.Path;

/** Gives the vectors a model has for each token of a sequence. Safe for use by many threads. */
public interface TokenEncoder extends AutoCloseable {
  /**
   * Opens the model in a Hugging Face folder; no tokenizer is needed.
   *
   * @throws ModelException if the folder holds no model that is known here
   */
  static TokenEncoder open(Path folder) {
    return Models.openEncoder(folder);
  }

  /** The length of the vectors. */
  int dimensions();

  /** How many tokens a sequence may have. */
  int maxTokens();

  /**
   * The last hidden state.
   *
   * @param ids token ids, special tokens included
   * @return [ids, dimensions]
   * @throws ModelException if there are too many ids or one is outside the vocabulary
   */
  float[][] lastHiddenState(int[] ids);

  /** Unmaps the weights. */
  @Override
  void close();
}
