package dev.dragoman.models.speech;

import dev.dragoman.models.kernel.Kernels;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which tokens may come next: times come in pairs that do not decrease, except before the end; a
 * text begins with a time within its first second; and a time is written if times together are
 * likelier than any token of text.
 */
final class TimestampRules {
  private static final int MOST_FIRST = (int) Math.round(1.0 / SpeechTokens.STEP);

  private final SpeechTokens tokens;
  private final int[] never;
  private final int[] neverFirst;

  TimestampRules(SpeechTokens tokens, SpeechSettings settings) {
    this.tokens = tokens;
    IntStream special =
        IntStream.of(
            tokens.start(),
            tokens.previous(),
            tokens.noSpeech(),
            tokens.noTimestamps(),
            tokens.translate(),
            tokens.transcribe());
    this.never =
        known(IntStream.concat(special, Arrays.stream(settings.suppressed())))
            .filter(id -> id != tokens.end())
            .toArray();
    this.neverFirst = known(Arrays.stream(settings.suppressedFirst())).toArray();
  }

  private IntStream known(IntStream ids) {
    return ids.filter(id -> id >= 0 && id < tokens.vocabulary()).distinct();
  }

  /**
   * Puts what may not come next out of the question.
   *
   * @param written the tokens of the window's text so far
   * @param logits of the next token, from {@code at} on
   */
  void apply(Kernels kernels, int[] written, int count, float[] logits, int at) {
    forbid(never, logits, at);
    int first = at + tokens.timestamps();
    int last = at + tokens.vocabulary();
    if (count == 0) {
      forbid(neverFirst, logits, at);
      forbid(logits, at, first);
      forbid(logits, Math.min(last, first + MOST_FIRST + 1), last);
      return;
    }
    boolean afterTime = tokens.isTimestamp(written[count - 1]);
    boolean afterPair = count < 2 || tokens.isTimestamp(written[count - 2]);
    if (afterTime && afterPair) {
      forbid(logits, first, last);
    } else if (afterTime) {
      forbid(logits, at, at + tokens.end());
    }
    int time = count - 1;
    while (time >= 0 && !tokens.isTimestamp(written[time])) {
      time--;
    }
    if (time >= 0) {
      int least = written[time] + (afterTime && !afterPair ? 0 : 1);
      forbid(logits, first, Math.min(last, at + least));
    }
    float likeliest = Logits.max(logits, at, first);
    if (anyTime(logits, first, last) && kernels.logSum(last - first, logits, first) > likeliest) {
      forbid(logits, at, first);
    }
  }

  /** Whether a time is still in question. */
  private static boolean anyTime(float[] logits, int from, int to) {
    return Logits.max(logits, from, to) > Float.NEGATIVE_INFINITY;
  }

  private static void forbid(int[] ids, float[] logits, int at) {
    for (int id : ids) {
      logits[at + id] = Float.NEGATIVE_INFINITY;
    }
  }

  private static void forbid(float[] logits, int from, int to) {
    Arrays.fill(logits, from, Math.max(from, to), Float.NEGATIVE_INFINITY);
  }
}
