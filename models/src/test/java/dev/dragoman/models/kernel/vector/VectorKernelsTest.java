package dev.dragoman.models.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.PositionBias;
import dev.dragoman.models.kernel.ScalarKernels;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Each vector kernel against its scalar twin, over odd sizes; tolerances grow with the size. */
class VectorKernelsTest {
  private static final float GUARD = 12345f;

  private final Kernels vector = new VectorKernels();
  private final Kernels scalar = new ScalarKernels();
  private final Random random = new Random(4711);

  @Test
  void linearEqualsItsTwin() {
    int[] sizes = {1, 2, 3, 5, 7, 15, 16, 17, 31, 33, 48, 63, 64, 65, 95, 113, 130, 193};
    for (int inputs : sizes) {
      for (int outputs : sizes) {
        int rows = 1 + random.nextInt(20);
        for (Activation activation : Activation.values()) {
          linear(rows, inputs, outputs, activation);
        }
      }
    }
  }

  private void linear(int rows, int inputs, int outputs, Activation activation) {
    int xStride = inputs + random.nextInt(3);
    int yStride = outputs + random.nextInt(3);
    float[] weights = randoms(outputs * inputs, 1);
    float[] bias = randoms(outputs, 1);
    float[] x = randoms(4 + rows * xStride, 1);
    float[] expected = filled(3 + rows * yStride + 5);
    float[] actual = expected.clone();
    scalar.linear(
        rows,
        x,
        4,
        xStride,
        scalar.pack(outputs, inputs, weights, bias),
        activation,
        expected,
        3,
        yStride);
    vector.linear(
        rows,
        x,
        4,
        xStride,
        vector.pack(outputs, inputs, weights, bias),
        activation,
        actual,
        3,
        yStride);
    assertClose(
        actual,
        expected,
        1e-6 * (2 + Math.sqrt(inputs)),
        "%d x %d x %d %s".formatted(rows, inputs, outputs, activation));
  }

  @Test
  void attentionEqualsItsTwin() {
    for (int tokens : new int[] {1, 2, 3, 5, 6, 7, 15, 16, 17, 31, 33, 64, 65, 95, 97, 131, 200}) {
      for (int headWidth : new int[] {1, 2, 7, 16, 31, 32, 64, 80}) {
        int heads = 1 + random.nextInt(3);
        int width = heads * headWidth;
        int stride = 3 * width + random.nextInt(2);
        int outStride = width + random.nextInt(2);
        float[] qkv = randoms(2 + tokens * stride, 2);
        float scale = (float) (1 / Math.sqrt(headWidth));
        float[] expected = filled(1 + tokens * outStride + 7);
        float[] actual = expected.clone();
        scalar.attention(
            PositionBias.NONE,
            tokens,
            heads,
            headWidth,
            scale,
            qkv,
            2,
            stride,
            expected,
            1,
            outStride,
            new float[scalar.attentionScratch(tokens, headWidth)]);
        float[] scratch = randoms(vector.attentionScratch(tokens, headWidth), 1e30f);
        vector.attention(
            PositionBias.NONE,
            tokens,
            heads,
            headWidth,
            scale,
            qkv,
            2,
            stride,
            actual,
            1,
            outStride,
            scratch);
        assertClose(
            actual,
            expected,
            1e-6 * (4 + Math.sqrt(headWidth)),
            "%d tokens, %d heads of %d".formatted(tokens, heads, headWidth));
      }
    }
  }

  @Test
  void attentionToOneFarLargerScoreStaysFinite() {
    int tokens = 19;
    int width = 16;
    float[] qkv = randoms(tokens * 3 * width, 1);
    for (int i = 0; i < width; i++) {
      qkv[5 * 3 * width + i] = 100;
      qkv[7 * 3 * width + width + i] = 100;
    }
    float[] out = new float[tokens * width];
    vector.attention(
        PositionBias.NONE,
        tokens,
        1,
        width,
        1,
        qkv,
        0,
        3 * width,
        out,
        0,
        width,
        new float[vector.attentionScratch(tokens, width)]);
    for (int i = 0; i < width; i++) {
      assertThat(out[5 * width + i]).isEqualTo(qkv[7 * 3 * width + 2 * width + i]);
    }
  }

  @Test
  void normalisationEqualsItsTwin() {
    for (int width : new int[] {1, 2, 3, 7, 15, 16, 17, 31, 48, 65, 384, 387}) {
      int rows = 1 + random.nextInt(5);
      float[] expected = randoms(3 + rows * width + 2, 3);
      float[] actual = expected.clone();
      float[] residual = randoms(1 + rows * width, 3);
      float[] gain = randoms(width, 1);
      float[] bias = randoms(width, 1);
      scalar.addAndNormalize(rows, width, expected, 3, residual, 1, gain, bias, 1e-5f);
      vector.addAndNormalize(rows, width, actual, 3, residual, 1, gain, bias, 1e-5f);
      assertClose(actual, expected, 5e-6 * (1 + Math.sqrt(width) / 8), "width " + width);
    }
  }

  @Test
  void sumsMaximaAndLengthsEqualTheirTwins() {
    for (int count : new int[] {1, 2, 7, 15, 16, 17, 33, 383, 384}) {
      float[] x = randoms(count + 2, 1);
      float[] expected = randoms(count + 5, 1);
      float[] actual = expected.clone();
      scalar.add(count, x, 2, expected, 1);
      vector.add(count, x, 2, actual, 1);
      assertThat(actual).as("sum of %d", count).containsExactly(expected);
      scalar.max(count, x, 1, expected, 2);
      vector.max(count, x, 1, actual, 2);
      assertThat(actual).as("maximum of %d", count).containsExactly(expected);
      scalar.unitLength(expected);
      vector.unitLength(actual);
      assertClose(actual, expected, 1e-6, "length of " + count);
    }
    float[] zeros = new float[9];
    vector.unitLength(zeros);
    assertThat(zeros).containsOnly(0f);
  }

  @Test
  void geluIsTheExactOneToTheLastBitsOfASingle() {
    int count = 40_001;
    float[] one = {1};
    float[] none = {0};
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = (i - 20_000) / 1000f;
    }
    float[] expected = new float[count];
    float[] actual = new float[count];
    scalar.linear(count, x, 0, 1, scalar.pack(1, 1, one, none), Activation.GELU, expected, 0, 1);
    vector.linear(count, x, 0, 1, vector.pack(1, 1, one, none), Activation.GELU, actual, 0, 1);
    for (int i = 0; i < count; i++) {
      assertThat(Math.abs(actual[i] - expected[i]))
          .as("gelu(%s) = %s, not %s", x[i], actual[i], expected[i])
          .isLessThanOrEqualTo(2.5e-7f * Math.max(1, Math.abs(x[i])));
    }
  }

  private float[] randoms(int count, float scale) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() * scale;
    }
    return values;
  }

  private static float[] filled(int count) {
    float[] values = new float[count];
    java.util.Arrays.fill(values, GUARD);
    return values;
  }

  private static void assertClose(float[] actual, float[] expected, double tolerance, String what) {
    for (int i = 0; i < expected.length; i++) {
      double allowed = expected[i] == GUARD ? 0 : tolerance * Math.max(1, Math.abs(expected[i]));
      if (!(Math.abs(actual[i] - expected[i]) <= allowed)) {
        throw new AssertionError(
            "%s: element %d is %s, not %s".formatted(what, i, actual[i], expected[i]));
      }
    }
  }
}
