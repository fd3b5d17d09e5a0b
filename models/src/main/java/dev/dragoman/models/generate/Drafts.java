package dev.dragoman.models.generate;

/**
 * Guesses the next tokens of a text from the text itself: what followed the last time its last few
 * tokens stood there (prompt lookup decoding, after the n-gram variant of Leviathan et al., "Fast
 * Inference from Transformers via Speculative Decoding", 2023).
 */
final class Drafts {
  private static final int LONGEST = 4;
  private static final int SHORTEST = 2;

  /** So far back it looks, so that a long text does not cost more with each token. */
  private static final int REACH = 4096;

  private Drafts() {}

  /**
   * Writes a guess.
   *
   * @param text [length] tokens
   * @return how many tokens were guessed, at most so many
   */
  static int guess(int[] text, int length, int most, int[] into) {
    int first = Math.max(0, length - REACH);
    for (int size = Math.min(LONGEST, length - 1); size >= SHORTEST; size--) {
      for (int at = length - size - 1; at >= first; at--) {
        if (same(text, at, length - size, size)) {
          int count = Math.min(most, length - at - size);
          System.arraycopy(text, at + size, into, 0, count);
          return count;
        }
      }
    }
    return 0;
  }

  private static boolean same(int[] text, int a, int b, int size) {
    for (int i = 0; i < size; i++) {
      if (text[a + i] != text[b + i]) {
        return false;
      }
    }
    return true;
  }
}
