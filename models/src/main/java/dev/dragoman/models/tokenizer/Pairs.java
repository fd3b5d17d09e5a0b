package dev.dragoman.models.tokenizer;

/** Which neighbours become one token, and in which order. */
interface Pairs {
  long NONE = -1;

  /**
   * What two neighbours become: the rank in the upper half, the smallest first, and the token in
   * the lower; or NONE.
   *
   * @param pieces the text that they are together, from {@code from} to {@code to}
   */
  long get(int left, int right, Pieces pieces, int from, int to);

  static int rank(long value) {
    return (int) (value >>> 32);
  }

  static int merged(long value) {
    return (int) value;
  }
}
