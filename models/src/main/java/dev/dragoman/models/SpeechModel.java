package dev.dragoman.models;

import java.nio.file.Path;

/** A speech model without a tokenizer, to be given features and token ids. */
public interface SpeechModel extends AutoCloseable {
  /**
   * Opens the model in a folder of Hugging Face or CTranslate2.
   *
   * @throws ModelException if there is no speech model that is known here
   */
  static SpeechModel open(Path folder) {
    return SpeechModels.openModel(folder);
  }

  /** How many mel bands it hears. */
  int mels();

  /** How many frames it hears at once. */
  int frames();

  /** Whether it gives {@link #logits}; a checkpoint without a head only gives hidden states. */
  boolean hasHead();

  /**
   * The scores of the next token after each token.
   *
   * @param features [mels, frames]
   * @param frames as many as the model hears at once
   * @param ids at least one
   * @return [ids, vocabulary]
   * @throws ModelException if the features or the ids do not fit the model, or it has no head
   */
  float[][] logits(float[] features, int frames, int[] ids);

  /**
   * The hidden state of each token after the last normalisation.
   *
   * @return [ids, width]
   * @throws ModelException if the features or the ids do not fit the model
   */
  float[][] lastHiddenState(float[] features, int frames, int[] ids);

  /** Unmaps the weights. */
  @Override
  void close();
}
