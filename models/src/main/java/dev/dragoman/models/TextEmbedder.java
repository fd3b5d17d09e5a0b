package dev.dragoman.models;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Turns texts into vectors, of unit length unless asked otherwise: an encoder, pooling and whatever
 * else the {@code modules.json} of sentence-transformers names. Safe for use by many threads.
 */
public interface TextEmbedder extends AutoCloseable {
  /**
   * Opens the model in a Hugging Face folder ({@code config.json}, {@code tokenizer.json}, {@code
   * *.safetensors}); its weights are mapped, not read.
   *
   * @throws ModelException if the folder holds no model that is known here
   */
  static TextEmbedder open(Path folder) {
    return open(folder, EmbedOptions.defaults());
  }

  /**
   * Opens the model in a Hugging Face folder, to be used in another way than its own files say.
   *
   * @throws ModelException if the folder holds no model that is known here
   */
  static TextEmbedder open(Path folder, EmbedOptions options) {
    return Models.openEmbedder(folder, options);
  }

  /** The length of the vectors. */
  int dimensions();

  /** How many tokens of a text are looked at, special tokens included; the rest is cut off. */
  int maxTokens();

  /** The model's tokenizer. */
  Tokenizer tokenizer();

  /** What is put before each text. */
  default String prompt() {
    return "";
  }

  /**
   * What the model was trained to have put before texts, by what a text is: mostly {@code query}
   * for what is looked for, {@code passage} or {@code document} for what is looked through.
   */
  default Map<String, String> prompts() {
    return Map.of();
  }

  /**
   * One vector for each text, in the same order. The vector of a text does not depend on the other
   * texts, not even in its last bit.
   */
  float[][] embed(List<String> texts);

  /** Unmaps the weights. */
  @Override
  void close();
}
