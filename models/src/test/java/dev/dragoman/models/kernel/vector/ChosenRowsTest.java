package dev.dragoman.models.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.ParallelKernels;
import dev.dragoman.models.kernel.ScalarKernels;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Products with chosen rows of a table against their scalar twins, over odd sizes. */
class ChosenRowsTest {
  private static final float GUARD = 12345f;

  @Test
  void productsWithChosenRowsEqualTheirTwins() {
    Random random = new Random(7);
    Kernels scalar = new ScalarKernels();
    try (ParallelKernels vector = new ParallelKernels(new VectorKernels(), 2)) {
      for (int width : new int[] {1, 5, 8, 16, 17, 31, 32, 48, 63, 256}) {
        for (int count : new int[] {0, 1, 2, 3, 4, 5, 7, 8, 21}) {
          int words = 37;
          float[] singles = randoms(random, words * width);
          byte[] bytes = new byte[words * width];
          random.nextBytes(bytes);
          float[] bias = randoms(random, words);
          float[] x = randoms(random, width + 3);
          int[] rows = random.ints(count, 0, words).toArray();
          float[] expected = filled(count + 5);
          float[] actual = filled(count + 5);
          scalar.dots(count, rows, width, singles, bias, x, 3, expected, 2);
          vector.dots(count, rows, width, singles, bias, x, 3, actual, 2);
          assertClose(actual, expected, 1e-5f * width);
          scalar.dots(count, rows, width, bytes, 0.01f, bias, x, 3, expected, 2);
          vector.dots(count, rows, width, bytes, 0.01f, bias, x, 3, actual, 2);
          assertClose(actual, expected, 1e-5f * width);
          assertThat(actual).startsWith(GUARD, GUARD).endsWith(GUARD, GUARD, GUARD);
        }
      }
    }
  }

  private static float[] randoms(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = random.nextFloat(-1, 1);
    }
    return numbers;
  }

  private static float[] filled(int count) {
    float[] numbers = new float[count];
    Arrays.fill(numbers, GUARD);
    return numbers;
  }

  private static void assertClose(float[] actual, float[] expected, float tolerance) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], Offset.offset(tolerance));
    }
  }
}
