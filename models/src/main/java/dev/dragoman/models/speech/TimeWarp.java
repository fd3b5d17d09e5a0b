package dev.dragoman.models.speech;

import java.util.Arrays;

/** Finds when each token of a text is said, from how much it looks at each state of a sound. */
final class TimeWarp {
  private static final int MEDIAN = 7;

  private TimeWarp() {}

  /**
   * Makes the scores of a head comparable to those of others: shares of each token, how far each is
   * from the mean of all tokens, and of those the median over some states.
   *
   * @param scores [tokens, states], changed
   */
  static void sharpen(float[] scores, int tokens, int states) {
    for (int token = 0; token < tokens; token++) {
      softmax(scores, token * states, states);
    }
    for (int state = 0; state < states; state++) {
      double sum = 0;
      double squares = 0;
      for (int at = state; at < tokens * states; at += states) {
        sum += scores[at];
      }
      double mean = sum / tokens;
      for (int at = state; at < tokens * states; at += states) {
        squares += (scores[at] - mean) * (scores[at] - mean);
      }
      double deviation = Math.sqrt(squares / tokens);
      for (int at = state; at < tokens * states; at += states) {
        scores[at] = deviation == 0 ? 0 : (float) ((scores[at] - mean) / deviation);
      }
    }
    if (states > MEDIAN / 2) {
      float[] row = new float[states];
      float[] window = new float[MEDIAN];
      for (int token = 0; token < tokens; token++) {
        System.arraycopy(scores, token * states, row, 0, states);
        for (int state = 0; state < states; state++) {
          for (int i = 0; i < MEDIAN; i++) {
            int at = Math.abs(state + i - MEDIAN / 2);
            window[i] = row[at < states ? at : 2 * states - 2 - at];
          }
          Arrays.sort(window);
          scores[token * states + state] = window[MEDIAN / 2];
        }
      }
    }
  }

  private static void softmax(float[] scores, int from, int count) {
    float max = Logits.max(scores, from, from + count);
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      scores[i] = (float) Math.exp(scores[i] - max);
      sum += scores[i];
    }
    for (int i = from; i < from + count; i++) {
      scores[i] /= (float) sum;
    }
  }

  /**
   * The cheapest way through a matrix from its first row and column to its last, one step down, to
   * the right, or both at a time.
   *
   * @param cost [rows, columns] from {@code at} on
   * @return for each row the first column of the way in it
   */
  static int[] starts(float[] cost, int at, int rows, int columns) {
    double[] above = new double[columns + 1];
    double[] here = new double[columns + 1];
    Arrays.fill(above, Double.POSITIVE_INFINITY);
    above[0] = 0;
    byte[] trace = new byte[(rows + 1) * (columns + 1)];
    for (int row = 1; row <= rows; row++) {
      here[0] = Double.POSITIVE_INFINITY;
      for (int column = 1; column <= columns; column++) {
        double both = above[column - 1];
        double down = above[column];
        double right = here[column - 1];
        byte step;
        double least;
        if (both < down && both < right) {
          step = 0;
          least = both;
        } else if (down < both && down < right) {
          step = 1;
          least = down;
        } else {
          step = 2;
          least = right;
        }
        here[column] = cost[at + (row - 1) * columns + column - 1] + least;
        trace[row * (columns + 1) + column] = step;
      }
      double[] swap = above;
      above = here;
      here = swap;
    }
    int[] starts = new int[rows];
    int row = rows;
    int column = columns;
    while (row > 0) {
      starts[row - 1] = Math.max(0, column - 1);
      int step = column == 0 ? 1 : trace[row * (columns + 1) + column];
      row -= step == 2 ? 0 : 1;
      column -= step == 1 ? 0 : 1;
    }
    return starts;
  }
}
