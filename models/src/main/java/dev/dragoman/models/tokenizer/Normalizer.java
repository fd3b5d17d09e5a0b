package dev.dragoman.models.tokenizer;

/** The first step of a tokenizer: what the model is not meant to tell apart is made equal. */
interface Normalizer {
  /** Appends the normalised form of {@code text[from, to)}. */
  void normalize(CharSequence text, int from, int to, Pieces out);

  /** Whether it makes lower case. */
  boolean lowercases();
}
