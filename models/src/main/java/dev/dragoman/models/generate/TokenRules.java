package dev.dragoman.models.generate;

import java.util.Arrays;

/**
 * What {@link SearchOptions} say about the next token, in the order of transformers' logits
 * processors. For one thread.
 */
final class TokenRules {
  private final SearchOptions options;
  private int[] text = new int[64];

  TokenRules(SearchOptions options) {
    this.options = options;
  }

  /**
   * Applies them to the scores of one text.
   *
   * @param prompt what came before the text
   * @param tokens of the text so far
   * @param count how many they are
   * @param most how many the text has at most
   * @param zero the score of a token whose probability is 1
   */
  void apply(
      int[] prompt,
      int[] tokens,
      int count,
      int most,
      float zero,
      float[] scores,
      int at,
      int size) {
    if (options.repetitionPenalty() != 1) {
      penalize(prompt, prompt.length, scores, at, zero);
      penalize(tokens, count, scores, at, zero);
    }
    if (options.noRepeat() > 0) {
      forbidRepeats(prompt, tokens, count, scores, at);
    }
    if (count < options.minTokens()) {
      forbid(options.ends(), scores, at, size);
    }
    if (count == 0 && options.forcedFirst() >= 0) {
      force(options.forcedFirst(), zero, scores, at, size);
    }
    if (count == most - 1 && options.forcedLast() >= 0) {
      force(options.forcedLast(), zero, scores, at, size);
    }
    forbid(options.suppressed(), scores, at, size);
    if (count == 0) {
      forbid(options.suppressedFirst(), scores, at, size);
    }
  }

  private static void forbid(int[] ids, float[] scores, int at, int size) {
    for (int id : ids) {
      if (id >= 0 && id < size) {
        scores[at + id] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  private static void force(int id, float zero, float[] scores, int at, int size) {
    Arrays.fill(scores, at, at + size, Float.NEGATIVE_INFINITY);
    if (id < size) {
      scores[at + id] = zero;
    }
  }

  private void penalize(int[] ids, int count, float[] scores, int at, float zero) {
    float penalty = (float) options.repetitionPenalty();
    for (int i = 0; i < count; i++) {
      if (firstOf(ids, i)) {
        float score = scores[at + ids[i]] - zero;
        scores[at + ids[i]] = zero + (score < 0 ? score * penalty : score / penalty);
      }
    }
  }

  private static boolean firstOf(int[] ids, int index) {
    for (int i = 0; i < index; i++) {
      if (ids[i] == ids[index]) {
        return false;
      }
    }
    return true;
  }

  private void forbidRepeats(int[] prompt, int[] tokens, int count, float[] scores, int at) {
    int length = prompt.length + count;
    if (text.length < length) {
      text = new int[2 * length];
    }
    System.arraycopy(prompt, 0, text, 0, prompt.length);
    System.arraycopy(tokens, 0, text, prompt.length, count);
    int same = options.noRepeat() - 1;
    int tail = length - same;
    for (int i = 0; i + same < length && tail > 0; i++) {
      if (Arrays.equals(text, i, i + same, text, tail, length)) {
        scores[at + text[i + same]] = Float.NEGATIVE_INFINITY;
      }
    }
  }
}
