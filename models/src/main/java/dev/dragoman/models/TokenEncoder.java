package dev.dragoman.models;

import java.nio.file.Path;

/**
 * Gives the vectors a model has for each token of a sequence, and the scores of its head if it has
 * one. Safe for use by many threads.
 */
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

  /** Whether the checkpoint has a head: for a masked language model, or for classification. */
  boolean hasHead();

  /**
   * The scores of the head, before any softmax.
   *
   * @param ids token ids, special tokens included
   * @return [ids, outputs], or [1, outputs] if the head scores whole sequences
   * @throws ModelException if there are too many ids, one is outside the vocabulary, or there is no
   *     head
   */
  float[][] logits(int[] ids);

  /** Unmaps the weights. */
  @Override
  void close();
}
