package dev.dragoman.models;

import dev.dragoman.models.kernel.Kernels;

/** How the vectors of a text's tokens become one. */
public enum Pooling {
  /** Their mean. */
  MEAN,
  /** The first one. */
  CLS,
  /** The largest number at each place. */
  MAX,
  /** The last one. */
  LAST,
  /** Their sum, divided by the root of their number. */
  MEAN_SQRT,
  /** Their mean, in which the first counts once, the second twice, and so on. */
  WEIGHTED;

  /**
   * Writes the vector of the tokens from one up to another.
   *
   * @param hidden [tokens, width]
   * @param out at least width from there on
   */
  void apply(Kernels kernels, int width, float[] hidden, int from, int to, float[] out, int at) {
    int first = this == LAST ? to - 1 : from;
    System.arraycopy(hidden, first * width, out, at, width);
    switch (this) {
      case CLS, LAST -> {}
      case MAX -> {
        for (int row = from + 1; row < to; row++) {
          kernels.max(width, hidden, row * width, out, at);
        }
      }
      case MEAN, MEAN_SQRT -> {
        for (int row = from + 1; row < to; row++) {
          kernels.add(width, hidden, row * width, out, at);
        }
        float divisor = this == MEAN ? to - from : (float) Math.sqrt(to - from);
        for (int i = 0; i < width; i++) {
          out[at + i] /= divisor;
        }
      }
      case WEIGHTED -> weigh(width, hidden, from, to, out, at);
    }
  }

  private static void weigh(int width, float[] hidden, int from, int to, float[] out, int at) {
    double weights = (to - from) * (to - from + 1.0) / 2;
    for (int i = 0; i < width; i++) {
      double sum = 0;
      for (int row = from; row < to; row++) {
        sum += (row - from + 1.0) * hidden[row * width + i];
      }
      out[at + i] = (float) (sum / weights);
    }
  }
}
