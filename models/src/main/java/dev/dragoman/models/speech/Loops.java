package dev.dragoman.models.speech;

import java.util.Arrays;

/** Cuts what a model says over and over when it has lost the sound. */
final class Loops {
  private static final int LONGEST = 30;

  /** So many times in a row is a loop, and so many tokens in all. */
  private static final int TIMES = 4;

  private static final int TOKENS = 12;

  private Loops() {}

  /**
   * A text in which runs of tokens that come many times one after the other come once. Times
   * between them count as no part of a run; those of what is cut are cut with it.
   */
  static int[] cut(SpeechTokens kinds, int[] text) {
    int[] places = new int[text.length];
    int[] words = new int[text.length];
    int count = 0;
    for (int i = 0; i < text.length; i++) {
      if (kinds.isText(text[i])) {
        places[count] = i;
        words[count++] = text[i];
      }
    }
    boolean[] gone = new boolean[text.length];
    boolean any = false;
    for (int from = 0; from < count; from++) {
      for (int length = 1; length <= Math.min(LONGEST, (count - from) / 2); length++) {
        int times = repeats(words, from, length, count);
        if (times >= TIMES && times * length >= TOKENS) {
          Arrays.fill(gone, places[from + length], end(places, from + times * length, text), true);
          any = true;
          from += times * length - 1;
          break;
        }
      }
    }
    return any ? kept(kinds, text, gone) : text;
  }

  private static int end(int[] places, int word, int[] text) {
    int last = places[word - 1];
    return Math.min(text.length, last + 1);
  }

  private static int repeats(int[] words, int from, int length, int count) {
    int times = 1;
    while (from + (times + 1) * length <= count
        && Arrays.equals(
            words,
            from,
            from + length,
            words,
            from + times * length,
            from + (times + 1) * length)) {
      times++;
    }
    return times;
  }

  /** What is left; of times that follow one another in it, the first and the last. */
  private static int[] kept(SpeechTokens kinds, int[] text, boolean[] gone) {
    int[] kept = new int[text.length];
    int count = 0;
    for (int i = 0; i < text.length; i++) {
      if (gone[i]) {
        continue;
      }
      boolean third =
          count > 1
              && kinds.isTimestamp(text[i])
              && kinds.isTimestamp(kept[count - 1])
              && kinds.isTimestamp(kept[count - 2]);
      kept[third ? count - 1 : count++] = text[i];
    }
    return Arrays.copyOf(kept, count);
  }
}
