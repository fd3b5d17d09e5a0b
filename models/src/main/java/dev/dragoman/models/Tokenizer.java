package dev.dragoman.models;

/** Cuts text into the tokens of a model. Safe for use by many threads. */
public interface Tokenizer {
  /**
   * Tokens of a text, without the special tokens a model wants around it.
   *
   * @param ids vocabulary ids
   * @param starts UTF-16 offset in the source text where each token starts
   * @param ends UTF-16 offset where it ends, excluded
   */
  record Tokens(int[] ids, int[] starts, int[] ends) {
    /** How many. */
    public int size() {
      return ids.length;
    }
  }

  /** The tokens of the text, never cut off. */
  Tokens encode(String text);

  /** How many tokens the text has. */
  default int count(String text) {
    return encode(text).size();
  }
}
