package dev.dragoman.models.format;

import java.util.Map;

/** What {@link Weights} can take tensors from. */
sealed interface WeightFile permits CTranslate2, Gguf, Marian, PackedE5, WeightFile.Plain {
  /** The tensors by name. */
  Map<String, Tensor> tensors();

  /**
   * A file, or several, that hold nothing but tensors.
   *
   * @param format what it is called
   */
  record Plain(String format, Map<String, Tensor> tensors) implements WeightFile {}
}
