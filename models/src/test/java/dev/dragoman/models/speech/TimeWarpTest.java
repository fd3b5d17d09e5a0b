package dev.dragoman.models.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeWarpTest {
  @Test
  void theWayFollowsWhatIsCheapest() {
    float[] cost = {
      -9, -9, 1, 1, 1, 1,
      1, 1, -9, 1, 1, 1,
      1, 1, 1, -9, -9, -9,
    };
    assertThat(TimeWarp.starts(cost, 0, 3, 6)).containsExactly(0, 2, 3);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 9", "7, 1", "5, 5", "13, 40", "40, 13"})
  void theWayIsTheCheapestOfAll(int rows, int columns) {
    Random random = new Random(31L * rows + columns);
    float[] cost = new float[3 + rows * columns];
    for (int i = 0; i < cost.length; i++) {
      cost[i] = random.nextFloat() - 0.5f;
    }
    int[] starts = TimeWarp.starts(cost, 3, rows, columns);
    double least = cheapest(cost, rows, columns);
    assertThat(costOf(cost, starts, rows, columns)).isCloseTo(least, within(1e-4));
  }

  /** The cheapest way that starts each row where it says. */
  private static double costOf(float[] cost, int[] starts, int rows, int columns) {
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      int end = row + 1 < rows ? starts[row + 1] : columns - 1;
      double here = 0;
      for (int column = starts[row]; column <= end; column++) {
        here += cost[3 + row * columns + column];
      }
      double last = row + 1 < rows && end > starts[row] ? cost[3 + row * columns + end] : 0;
      // The next row is reached from above or across, whichever is cheaper.
      sum += last > 0 ? here - last : here;
    }
    return sum;
  }

  private static double cheapest(float[] cost, int rows, int columns) {
    double[][] best = new double[rows][columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        double before = row == 0 && column == 0 ? 0 : Double.POSITIVE_INFINITY;
        before = row > 0 ? Math.min(before, best[row - 1][column]) : before;
        before = column > 0 ? Math.min(before, best[row][column - 1]) : before;
        before = row > 0 && column > 0 ? Math.min(before, best[row - 1][column - 1]) : before;
        best[row][column] = before + cost[3 + row * columns + column];
      }
    }
    return best[rows - 1][columns - 1];
  }

  @Test
  void sharpenedScoresHaveNoMeanAndStandOutWhereATokenLooks() {
    int tokens = 5;
    int states = 40;
    float[] scores = new float[tokens * states];
    for (int token = 0; token < tokens; token++) {
      for (int state = 8 * token; state < 8 * token + 8; state++) {
        scores[token * states + state] = 4;
      }
    }
    TimeWarp.sharpen(scores, tokens, states);
    for (int token = 0; token < tokens; token++) {
      assertThat(scores[token * states + 8 * token + 4]).isCloseTo(2, within(1e-3f));
      assertThat(scores[token * states + (8 * token + 20) % states]).isNegative();
    }
    for (int i = 0; i < tokens; i++) {
      for (int token = 0; token < tokens; token++) {
        scores[i] += token == 0 ? 0 : scores[token * states + i];
      }
      assertThat(scores[i]).isCloseTo(0, within(1e-3f));
    }
  }
}
