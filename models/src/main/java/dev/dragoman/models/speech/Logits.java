package dev.dragoman.models.speech;

import java.util.random.RandomGenerator;

/** Sums and choices over the scores of a token. */
final class Logits {
  /** What is so much less likely than the likeliest does not show in a sum of all. */
  private static final float NOTHING = -25;

  private Logits() {}

  static float max(float[] logits, int from, int to) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < to; i++) {
      max = Math.max(max, logits[i]);
    }
    return max;
  }

  static int argmax(float[] logits, int from, int to) {
    float max = max(logits, from, to);
    for (int i = from; i < to; i++) {
      if (logits[i] == max) {
        return i;
      }
    }
    return from;
  }

  /** Draws one, each as likely as {@code exp(logits / temperature)} says. */
  static int draw(float[] logits, int from, int to, double temperature, RandomGenerator random) {
    float max = max(logits, from, to);
    double sum = 0;
    double least = max + NOTHING * temperature;
    for (int i = from; i < to; i++) {
      if (logits[i] > least) {
        sum += Math.exp((logits[i] - max) / temperature);
      }
    }
    double left = random.nextDouble() * sum;
    for (int i = from; i < to; i++) {
      if (logits[i] > least) {
        left -= Math.exp((logits[i] - max) / temperature);
        if (left < 0) {
          return i;
        }
      }
    }
    return argmax(logits, from, to);
  }

  /**
   * The likeliest ones, likeliest first, the lower id first among equals.
   *
   * @param best filled with their indices; -1 where there are no more that are possible
   */
  static void best(float[] logits, int from, int to, int[] best) {
    int count = 0;
    float least = Float.NEGATIVE_INFINITY;
    for (int i = from; i < to; i++) {
      if (logits[i] > least) {
        int place = Math.min(count, best.length - 1);
        while (place > 0 && logits[best[place - 1]] < logits[i]) {
          best[place] = best[place - 1];
          place--;
        }
        best[place] = i;
        count = Math.min(count + 1, best.length);
        least = count < best.length ? least : logits[best[count - 1]];
      }
    }
    for (int i = count; i < best.length; i++) {
      best[i] = -1;
    }
  }
}
