package dev.dragoman.models.tokenizer;

/** The first step of a tokenizer: what the model is not meant to tell apart is made equal. */
interface Normalizer {
  /** Appends the normalised form of all of a text; {@code out} is empty before. */
  void normalize(Pieces in, Pieces out);

  /** Whether it makes lower case. */
  default boolean lowercases() {
    return false;
  }

  /** Whether any stretch of text becomes the same with and without its neighbours. */
  default boolean local() {
    return false;
  }
}
