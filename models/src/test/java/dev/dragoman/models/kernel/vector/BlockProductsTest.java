package dev.dragoman.models.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.dragoman.models.format.BlockCodes;
import dev.dragoman.models.format.DType;
import dev.dragoman.models.format.RandomTensors;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.BlockMatrix;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.kernel.ScalarKernels;
import dev.dragoman.models.kernel.StoredMatrix;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products with panels of codes, against the same weights as singles. */
class BlockProductsTest {
  private static final float GUARD = 12345f;
  private static final DType[] TYPES =
      Arrays.stream(DType.values()).filter(BlockCodes::known).toArray(DType[]::new);

  private final Kernels vector = new VectorKernels();
  private final Kernels scalar = new ScalarKernels();
  private final Random random = new Random(43);

  @ParameterizedTest
  @EnumSource(
      names = {"Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"},
      value = DType.class)
  void codesAndScalesMakeTheBitsOfTheReference(DType type) {
    int columns = 2 * type.blockSize();
    Tensor tensor = RandomTensors.of(type, 9, columns, random);
    int run = BlockCodes.run(type);
    byte[] codes = new byte[columns];
    float[] scales = new float[columns / run];
    float[] minimums = new float[columns / run];
    float[] expected = tensor.floats();
    BlockCodes blocks = new BlockCodes(type);
    for (int row = 0; row < 9; row++) {
      blocks.row(tensor, row, codes, scales, minimums);
      for (int i = 0; i < columns; i++) {
        float value = Math.fma((float) codes[i], scales[i / run], minimums[i / run]);
        assertThat(value).isEqualTo(expected[row * columns + i]);
        if (BlockCodes.nibbles(type)) {
          assertThat(codes[i]).isBetween((byte) 0, (byte) 15);
        }
      }
      if (!BlockCodes.minimums(type)) {
        assertThat(minimums).containsOnly(0);
      }
    }
  }

  @Test
  void productsHaveTheBitsOfProductsWithSingles() {
    int[] rows = {1, 2, 3, 5, 6, 7, 13};
    int[] outputs = {1, 7, 8, 31, 33, 64, 70, 130};
    for (int i = 0; i < 120; i++) {
      DType[] types = new DType[1 + random.nextInt(3)];
      Arrays.setAll(types, t -> TYPES[random.nextInt(TYPES.length)]);
      check(
          rows[random.nextInt(rows.length)],
          outputs[random.nextInt(outputs.length)],
          256 * (1 + random.nextInt(2)),
          types);
    }
    for (DType type : TYPES) {
      check(1, 128, 512, type);
      check(16, 200, 512, type);
    }
  }

  private void check(int rows, int outputs, int inputs, DType... types) {
    List<Tensor> parts = new ArrayList<>();
    for (DType type : types) {
      parts.add(RandomTensors.of(type, outputs, inputs, random));
    }
    int all = outputs * types.length;
    float[] bias = random.nextBoolean() ? randoms(all) : new float[0];
    StoredMatrix stored = new StoredMatrix(parts, bias);
    Matrix blocks = vector.pack(stored);
    if (!BlockProducts.possible()) {
      assertThat(Tiles.LANES).as("lanes of vectors that codes do not fill").isLessThan(8);
      return;
    }
    assertThat(blocks).isInstanceOf(BlockMatrix.class);
    Matrix singles = vector.pack(all, inputs, stored::row, Arrays.copyOf(bias, all));
    Activation activation = random.nextBoolean() ? Activation.NONE : Activation.SILU;
    int xStride = inputs + random.nextInt(3);
    int yStride = all + random.nextInt(3);
    float[] x = randoms(3 + rows * xStride);
    float[] expected = new float[2 + rows * yStride + 9];
    Arrays.fill(expected, GUARD);
    float[] actual = expected.clone();
    float[] parted = expected.clone();
    float[] twin = expected.clone();
    vector.linear(rows, x, 3, xStride, singles, activation, expected, 2, yStride);
    vector.linear(rows, x, 3, xStride, blocks, activation, actual, 2, yStride);
    String what = "%s, %d rows, %d inputs".formatted(Arrays.toString(types), rows, inputs);
    assertThat(actual).as(what).containsExactly(expected);
    int cut = all / 2 / Kernels.GRAIN * Kernels.GRAIN;
    vector.linear(rows, x, 3, xStride, blocks, activation, parted, 2, yStride, cut, all);
    vector.linear(rows, x, 3, xStride, blocks, activation, parted, 2, yStride, 0, cut);
    assertThat(parted).as(what).containsExactly(expected);
    scalar.linear(rows, x, 3, xStride, blocks, activation, twin, 2, yStride);
    float[] weights = new float[inputs];
    float[] unpacked = new float[inputs];
    for (int output = 0; output < all; output++) {
      stored.row(output, weights, 0);
      ((BlockMatrix) blocks).row(output, unpacked);
      assertThat(unpacked).as(what).containsExactly(weights, Offset.offset(0f));
      for (int row = 0; row < rows; row++) {
        double size = 1;
        for (int i = 0; i < inputs; i++) {
          size += Math.abs((double) weights[i] * x[3 + row * xStride + i]);
        }
        int at = 2 + row * yStride + output;
        assertThat(actual[at]).as(what).isCloseTo(twin[at], Offset.offset((float) (1e-6 * size)));
      }
    }
  }

  /** A kernel that is too large for the compiler makes an object of every vector. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"})
  void onceCompiledProductsAllocateNothing(DType type) {
    int outputs = 4 * Tiles.LANES + 2 * Tiles.LANES + 3;
    Matrix matrix =
        vector.pack(
            new StoredMatrix(List.of(RandomTensors.of(type, outputs, 512, random)), new float[0]));
    float[] x = randoms(7 * 512);
    float[] y = new float[7 * outputs];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = Long.MAX_VALUE;
    for (int round = 0; round < 60 && allocated > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 400; i++) {
        vector.linear(1, x, 0, 512, matrix, Activation.NONE, y, 0, outputs);
        vector.linear(7, x, 0, 512, matrix, Activation.NONE, y, 0, outputs);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(allocated).isZero();
  }

  private float[] randoms(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
