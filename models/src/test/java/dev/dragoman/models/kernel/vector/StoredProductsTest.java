package dev.dragoman.models.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.models.format.DType;
import dev.dragoman.models.format.RandomTensors;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.ScalarKernels;
import dev.dragoman.models.kernel.StoredMatrix;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products with weights in ggml's blocks, against their scalar twins. */
class StoredProductsTest {
  private static final float GUARD = 12345f;

  private final Kernels vector = new VectorKernels();
  private final Kernels scalar = new ScalarKernels();
  private final Random random = new Random(41);

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.INCLUDE,
      names = {"Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"})
  void blocksAreUnpackedToTheBitsOfTheReference(DType type) {
    int columns = 3 * type.blockSize();
    Tensor tensor = RandomTensors.of(type, 40, columns, random);
    float[] expected = tensor.floats();
    float[] actual = new float[expected.length + 5];
    Arrays.fill(actual, GUARD);
    if (!Unpacking.knows(type)) {
      assertThat(Tiles.LANES).as("lanes where blocks are unpacked without vectors").isLessThan(8);
      return;
    }
    int blocks = 13 * 3;
    long at = 5L * 3 * type.blockBytes();
    Unpacking.unpack(type, tensor.bytes(), at, blocks, actual, 2);
    int from = 5 * columns;
    int count = blocks * type.blockSize();
    assertThat(Arrays.copyOfRange(actual, 2, 2 + count))
        .containsExactly(Arrays.copyOfRange(expected, from, from + count));
    assertThat(actual[1]).isEqualTo(GUARD);
    assertThat(actual[2 + count]).isEqualTo(GUARD);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.INCLUDE,
      names = {
        "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL",
        "IQ4_XS"
      })
  void productsEqualTheirTwins(DType type) {
    int[] rows = {1, 2, 5, 6, 7, 13};
    int[] outputs = {1, 7, 8, 31, 33, 64, 70};
    for (int i = 0; i < 14; i++) {
      int blocks = 1 + random.nextInt(3);
      check(type, rows[i % rows.length], outputs[i % outputs.length], blocks * type.blockSize());
    }
  }

  private void check(DType type, int rows, int outputs, int inputs) {
    StoredMatrix matrix =
        new StoredMatrix(
            List.of(
                RandomTensors.of(type, outputs, inputs, random),
                RandomTensors.of(DType.Q4_0, 5, inputs, random)),
            random.nextBoolean() ? randoms(outputs + 5) : new float[0]);
    Activation activation = random.nextBoolean() ? Activation.NONE : Activation.SILU;
    int xStride = inputs + random.nextInt(3);
    int yStride = outputs + 5 + random.nextInt(3);
    float[] x = randoms(3 + rows * xStride);
    float[] expected = new float[2 + rows * yStride + 9];
    Arrays.fill(expected, GUARD);
    float[] actual = expected.clone();
    scalar.linear(rows, x, 3, xStride, matrix, activation, expected, 2, yStride);
    vector.linear(rows, x, 3, xStride, matrix, activation, actual, 2, yStride);
    double[] allowed = new double[expected.length];
    float[] weights = new float[inputs];
    for (int output = 0; output < matrix.outputs(); output++) {
      matrix.row(output, weights, 0);
      for (int row = 0; row < rows; row++) {
        double size = 1;
        for (int i = 0; i < inputs; i++) {
          size += Math.abs((double) weights[i] * x[3 + row * xStride + i]);
        }
        allowed[2 + row * yStride + output] = 3e-7 * size;
      }
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i])
          .as("%s, %d rows, %d outputs, %d inputs, %d", type, rows, outputs, inputs, i)
          .isCloseTo(expected[i], org.assertj.core.data.Offset.offset(allowed[i]));
    }
  }

  @Test
  void aRowDoesNotDependOnItsBatchNorOnThePartsThatAreAskedFor() {
    for (DType type : new DType[] {DType.Q4_1, DType.Q8_0, DType.Q5_0, DType.Q4_K, DType.Q6_K}) {
      int inputs = 256;
      int outputs = 203;
      StoredMatrix matrix =
          new StoredMatrix(
              List.of(
                  RandomTensors.of(type, 100, inputs, random),
                  RandomTensors.of(type, 103, inputs, random)),
              randoms(outputs));
      int rows = 17;
      float[] x = randoms(rows * inputs);
      float[] whole = new float[rows * outputs];
      vector.linear(rows, x, 0, inputs, matrix, Activation.SILU, whole, 0, outputs);
      float[] parts = new float[rows * outputs];
      for (int row = 0; row < rows; row++) {
        int at = row * outputs;
        int x0 = row * inputs;
        vector.linear(1, x, x0, inputs, matrix, Activation.SILU, parts, at, outputs, 128, 203);
        vector.linear(1, x, x0, inputs, matrix, Activation.SILU, parts, at, outputs, 0, 128);
      }
      assertThat(parts).as(type.name()).containsExactly(whole);
      float[] few = new float[3 * outputs];
      vector.linear(3, x, 14 * inputs, inputs, matrix, Activation.SILU, few, 0, outputs);
      assertThat(few)
          .as(type.name())
          .containsExactly(Arrays.copyOfRange(whole, 14 * outputs, 17 * outputs));
    }
  }

  private float[] randoms(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
