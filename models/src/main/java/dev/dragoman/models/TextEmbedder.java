package dev.dragoman.models;

import java.nio.file.Path;
import java.util.List;

/** Turns texts into vectors of unit length. Safe for use by many threads. */
public interface TextEmbedder extends AutoCloseable {
  /**
   * Opens the model in a Hugging Face folder ({@code config.json}, {@code tokenizer.json}, {@code
   * *.safetensors}); its weights are mapped, not read.
   *
   * @throws ModelException if the folder holds no model that is known here
   */
  static TextEmbedder open(Path folder) {
    return Models.openEmbedder(folder);
  }

  /** The length of the vectors. */
  int dimensions();

  /** How many tokens of a text are looked at, special tokens included; the rest is cut off. */
  int maxTokens();

  /** The model's tokenizer. */
  Tokenizer tokenizer();

  /** One vector of unit length for each text, in the same order. */
  float[][] embed(List<String> texts);

  /** Unmaps the weights. */
  @Override
  void close();
}
