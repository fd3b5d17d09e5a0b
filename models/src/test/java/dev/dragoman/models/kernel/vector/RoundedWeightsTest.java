package dev.dragoman.models.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.models.format.EightBits;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.kernel.ScalarKernels;
import dev.dragoman.models.kernel.StoredMatrix;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products with singles that were rounded to 8 bits. */
class RoundedWeightsTest {
  private final Kernels vector = new VectorKernels();
  private final Kernels scalar = new ScalarKernels();
  private final Random random = new Random(72);

  @ParameterizedTest
  @CsvSource({
    "1, 1, 32",
    "2, 7, 96",
    "3, 64, 64",
    "5, 33, 160",
    "6, 130, 384",
    "7, 200, 96",
    "13, 71, 1536"
  })
  void areOffByNoMoreThanTheRounding(int rows, int outputs, int inputs) {
    float[] weights = randoms(outputs * inputs, 0.05f);
    float[] bias = randoms(outputs, 1);
    float[] x = randoms(rows * inputs, 1);
    StoredMatrix rounded =
        new StoredMatrix(List.of(EightBits.tensor("w", outputs, inputs, weights)), bias);
    Matrix packed = vector.pack(rounded);
    float[] actual = product(vector, rows, x, packed);
    float[] twin = product(scalar, rows, x, scalar.pack(rounded));
    float[] singles = product(scalar, rows, x, scalar.pack(outputs, inputs, weights, bias));
    float[] row = new float[inputs];
    for (int output = 0; output < outputs; output++) {
      rounded.row(output, row, 0);
      for (int r = 0; r < rows; r++) {
        double size = 1;
        double off = 0;
        for (int i = 0; i < inputs; i++) {
          double value = Math.abs(x[r * inputs + i]);
          size += value * Math.abs(row[i]);
          off += value * Math.abs(row[i] - weights[output * inputs + i]);
        }
        int at = r * outputs + output;
        assertThat((double) Math.abs(actual[at] - twin[at])).isLessThan(1e-6 * size);
        assertThat((double) Math.abs(actual[at] - singles[at])).isLessThan(off + 2e-6 * size);
      }
    }
    for (int r = 0; r < rows; r++) {
      float[] alone =
          product(vector, 1, Arrays.copyOfRange(x, r * inputs, (r + 1) * inputs), packed);
      assertThat(alone)
          .as("row %d alone", r)
          .containsExactly(Arrays.copyOfRange(actual, r * outputs, (r + 1) * outputs));
    }
  }

  private static float[] product(Kernels kernels, int rows, float[] x, Matrix matrix) {
    float[] y = new float[rows * matrix.outputs()];
    kernels.linear(rows, x, 0, matrix.inputs(), matrix, Activation.NONE, y, 0, matrix.outputs());
    return y;
  }

  private float[] randoms(int count, float size) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() * size;
    }
    return values;
  }
}
