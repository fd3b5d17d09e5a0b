package dev.dragoman.models.tokenizer;

import org.jspecify.annotations.Nullable;

/**
 * Tokens of words seen before. A fixed number of places; a new word takes the place of another. Any
 * number of threads may use it: entries never change, and a lost one is only found out anew.
 */
final class WordCache {
  static final int LONGEST = 64;
  private static final int PLACES = 1 << 15;

  /**
   * A word.
   *
   * @param word its code points
   * @param spans for each token: its id, its first and its last code point
   */
  record Entry(long hash, int[] word, int[] spans) {}

  private final @Nullable Entry[] entries = new @Nullable Entry[PLACES];

  private static int place(long hash) {
    return (int) (hash >>> 32 ^ hash >>> 17) & PLACES - 1;
  }

  @Nullable Entry get(Pieces pieces, int from, int to, long hash) {
    Entry entry = entries[place(hash)];
    if (entry == null || entry.hash != hash || entry.word.length != to - from) {
      return null;
    }
    int[] word = entry.word;
    for (int i = 0; i < word.length; i++) {
      if (word[i] != pieces.codePoint(from + i)) {
        return null;
      }
    }
    return entry;
  }

  void put(Entry entry) {
    entries[place(entry.hash)] = entry;
  }
}
