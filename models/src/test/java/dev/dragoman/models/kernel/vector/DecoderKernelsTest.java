package dev.dragoman.models.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.CacheShape;
import dev.dragoman.models.kernel.CacheType;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.KeyValues;
import dev.dragoman.models.kernel.ParallelKernels;
import dev.dragoman.models.kernel.PositionBias;
import dev.dragoman.models.kernel.ScalarKernels;
import dev.dragoman.models.kernel.Sight;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels of decoders against their scalar twins, over odd sizes. */
class DecoderKernelsTest {
  private static final float GUARD = 12345f;

  private final Kernels vector = new VectorKernels();
  private final Kernels scalar = new ScalarKernels();
  private final Random random = new Random(1303);

  @Test
  void matricesPackedRowByRowGiveTheSameBitsAsPackedAtOnce() {
    for (int inputs : new int[] {1, 7, 33, 64}) {
      for (int outputs : new int[] {1, 2, 15, 16, 31, 33, 64, 65, 97, 200}) {
        float[] weights = randoms(outputs * inputs, 1);
        float[] x = randoms(3 * inputs, 1);
        float[] expected = new float[3 * outputs];
        float[] actual = new float[3 * outputs];
        vector.linear(
            3,
            x,
            0,
            inputs,
            vector.pack(outputs, inputs, weights, new float[outputs]),
            Activation.NONE,
            expected,
            0,
            outputs);
        vector.linear(
            3,
            x,
            0,
            inputs,
            vector.pack(
                outputs,
                inputs,
                (row, into, at) -> System.arraycopy(weights, row * inputs, into, at, inputs),
                new float[0]),
            Activation.NONE,
            actual,
            0,
            outputs);
        assertThat(actual).as("%d x %d", outputs, inputs).containsExactly(expected);
      }
    }
  }

  @Test
  void normsEqualTheirTwins() {
    for (int width : new int[] {1, 2, 3, 7, 15, 16, 17, 31, 48, 65, 576, 641}) {
      int rows = 1 + random.nextInt(4);
      int stride = width + random.nextInt(3);
      float[] x = randoms(2 + rows * stride, 3);
      float[] gain = randoms(width, 1);
      float[] bias = randoms(width, 1);
      float[] expected = filled(1 + rows * stride + 9);
      float[] actual = expected.clone();
      scalar.rmsNormalize(rows, width, x, 2, stride, gain, 1e-5f, expected, 1, stride);
      vector.rmsNormalize(rows, width, x, 2, stride, gain, 1e-5f, actual, 1, stride);
      assertClose(actual, expected, 2e-6, "rms of width " + width);
      scalar.normalize(rows, width, x, 2, stride, gain, bias, 1e-5f, expected, 1, stride);
      vector.normalize(rows, width, x, 2, stride, gain, bias, 1e-5f, actual, 1, stride);
      assertClose(actual, expected, 5e-6 * (1 + Math.sqrt(width) / 8), "width " + width);
      float[] inPlace = x.clone();
      vector.rmsNormalize(rows, width, x, 2, stride, gain, 1e-5f, actual, 1, stride);
      vector.rmsNormalize(rows, width, inPlace, 2, stride, gain, 1e-5f, inPlace, 2, stride);
      for (int row = 0; row < rows; row++) {
        assertThat(Arrays.copyOfRange(inPlace, 2 + row * stride, 2 + row * stride + width))
            .containsExactly(
                Arrays.copyOfRange(actual, 1 + row * stride, 1 + row * stride + width));
      }
    }
  }

  @Test
  void rotationEqualsItsTwinAndKeepsLengths() {
    for (int rotary : new int[] {2, 4, 6, 10, 16, 30, 32, 34, 64, 66, 128, 256}) {
      for (boolean neighbours : new boolean[] {false, true}) {
        int headWidth = rotary + random.nextInt(5);
        int heads = 1 + random.nextInt(3);
        float[] table = new float[3 + 2 * rotary];
        for (int i = 0; i < rotary / 2; i++) {
          double angle = random.nextDouble() * 100;
          int low = neighbours ? 2 * i : i;
          int high = neighbours ? 2 * i + 1 : i + rotary / 2;
          table[3 + low] = (float) Math.cos(angle);
          table[3 + high] = (float) Math.cos(angle);
          table[3 + rotary + low] = (float) -Math.sin(angle);
          table[3 + rotary + high] = (float) Math.sin(angle);
        }
        float[] before = randoms(heads * headWidth + 7, 2);
        float[] expected = before.clone();
        float[] actual = before.clone();
        scalar.rotate(heads, headWidth, rotary, neighbours, expected, 2, table, 3);
        vector.rotate(heads, headWidth, rotary, neighbours, actual, 2, table, 3);
        assertClose(actual, expected, 1e-6, "rotary " + rotary + " " + neighbours);
        assertThat(squares(actual)).isCloseTo(squares(before), within(1e-4 * squares(before)));
        assertThat(Arrays.copyOf(actual, 2)).containsExactly(before[0], before[1]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SILU", "GELU_TANH"})
  void gatesEqualTheirTwinsToTheLastBitsOfASingle(String name) {
    Activation activation = Activation.valueOf(name);
    int inner = 40_001;
    float[] expected = new float[2 * inner];
    for (int i = 0; i < inner; i++) {
      expected[i] = (i - 20_000) / 800f;
      expected[inner + i] = 1;
    }
    float[] x = expected.clone();
    float[] actual = expected.clone();
    scalar.gate(activation, 1, inner, expected, 0, 2 * inner);
    vector.gate(activation, 1, inner, actual, 0, 2 * inner);
    for (int i = 0; i < inner; i++) {
      assertThat(Math.abs(actual[i] - expected[i]))
          .as("%s(%s) = %s, not %s", activation, x[i], actual[i], expected[i])
          .isLessThanOrEqualTo(4e-7f * Math.max(1, Math.abs(x[i])));
    }
  }

  @Test
  void gatesOfOddWidthsEqualTheirTwins() {
    for (int inner : new int[] {1, 2, 7, 15, 16, 17, 33, 63, 100}) {
      for (Activation activation : Activation.values()) {
        int rows = 1 + random.nextInt(3);
        int stride = 2 * inner + random.nextInt(3);
        float[] expected = randoms(1 + rows * stride + 3, 2);
        float[] actual = expected.clone();
        scalar.gate(activation, rows, inner, expected, 1, stride);
        vector.gate(activation, rows, inner, actual, 1, stride);
        assertClose(actual, expected, 2e-6, activation + " of width " + inner);
      }
    }
  }

  @Test
  void softCapEqualsItsTwin() {
    for (int count : new int[] {1, 7, 16, 17, 33, 1000}) {
      for (float cap : new float[] {0.5f, 3, 30, 50}) {
        float[] expected = randoms(count + 3, 20);
        float[] actual = expected.clone();
        scalar.softCap(count, cap, expected, 1);
        vector.softCap(count, cap, actual, 1);
        assertClose(actual, expected, 5e-7 * cap, "cap " + cap);
        assertThat(Math.abs(actual[1])).isLessThanOrEqualTo(cap);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(CacheType.class)
  void attentionOverACacheEqualsItsTwinHoweverTheTokensAreSpreadOverCalls(CacheType type) {
    for (int[] heads : new int[][] {{1, 1}, {6, 2}, {7, 1}}) {
      for (int headWidth : new int[] {1, 7, 16, 31, 64}) {
        for (int tokens : new int[] {1, 2, 63, 65, 130}) {
          int window = random.nextBoolean() ? 0 : 1 + random.nextInt(tokens + 3);
          CacheShape shape = new CacheShape(heads[0], heads[1], headWidth);
          attention(shape, type, tokens, Sight.last(window));
          PositionBias bias = bias(shape.heads(), tokens + random.nextInt(3));
          attention(shape, type, tokens, new Sight(window, false, bias));
        }
      }
    }
  }

  private void attention(CacheShape shape, CacheType type, int tokens, Sight sight) {
    int stride = shape.queries() + 2 * shape.keys() + random.nextInt(2);
    int outStride = shape.queries() + random.nextInt(2);
    float scale = (float) (1 / Math.sqrt(shape.headWidth()));
    float[] x = randoms(2 + tokens * stride, 2);
    String what = "%s, %s, %d tokens, %s".formatted(type, shape, tokens, sight);
    float[] expected = filled(1 + tokens * outStride + 5);
    float[] whole = expected.clone();
    float[] parts = expected.clone();
    int[] ends = {tokens};
    run(scalar, shape, type, scale, sight, ends, x, stride, expected, outStride);
    run(vector, shape, type, scale, sight, ends, x, stride, whole, outStride);
    assertClose(whole, expected, 2e-6 * (4 + Math.sqrt(shape.headWidth())), what);
    int[] cuts = {tokens / 3, tokens / 3 + 1, tokens / 2, tokens - 2, tokens - 1, tokens};
    run(vector, shape, type, scale, sight, cuts, x, stride, parts, outStride);
    assertThat(parts).as(what).containsExactly(whole);
  }

  private PositionBias bias(int heads, int reach) {
    return new PositionBias(reach, randoms(heads * (2 * reach - 1), 3));
  }

  @Test
  void queriesAboutAnotherTextSeeAllOfItAlsoWhenThreadsShareTheHeads() {
    try (ParallelKernels parallel = new ParallelKernels(vector, 3)) {
      for (int[] sizes :
          new int[][] {{1, 1, 8, 4}, {5, 3, 16, 8}, {200, 64, 64, 8}, {130, 96, 7, 5}}) {
        CacheShape shape = new CacheShape(sizes[3], sizes[3], sizes[2]);
        int length = sizes[0];
        int rows = sizes[1];
        float[] memory = randoms(length * 2 * shape.keys(), 2);
        float[] queries = randoms(rows * shape.queries(), 2);
        float[][] outs = new float[3][rows * shape.queries()];
        Kernels[] all = {scalar, vector, parallel};
        for (int i = 0; i < all.length; i++) {
          KeyValues cache = all[i].keyValues(shape, CacheType.F32, length);
          cache.reserve(0, CacheShape.pages(length));
          all[i].cache(shape, length, memory, 0, 2 * shape.keys(), cache, 0);
          all[i].attend(
              shape,
              0.3f,
              Sight.ALL,
              rows,
              queries,
              0,
              shape.queries(),
              cache,
              length - 1,
              outs[i],
              0,
              shape.queries(),
              filled(all[i].attendScratch(shape, rows, length)));
        }
        assertClose(outs[1], outs[0], 2e-6 * (4 + Math.sqrt(shape.headWidth())), "all");
        assertThat(outs[2]).containsExactly(outs[1]);
      }
    }
  }

  @Test
  void logSumEqualsItsTwin() {
    for (int count : new int[] {1, 7, 16, 17, 33, 1000}) {
      float[] x = randoms(count + 3, 20);
      assertThat(vector.logSum(count, x, 1))
          .isCloseTo(scalar.logSum(count, x, 1), Offset.offset(1e-5f));
    }
  }

  private void run(
      Kernels kernels,
      CacheShape shape,
      CacheType type,
      float scale,
      Sight sight,
      int[] ends,
      float[] x,
      int stride,
      float[] out,
      int outStride) {
    int last = ends[ends.length - 1];
    KeyValues cache = kernels.keyValues(shape, type, last);
    cache.reserve(0, CacheShape.pages(last));
    int from = 0;
    for (int end : ends) {
      int rows = end - from;
      if (rows > 0) {
        int at = 2 + from * stride;
        kernels.cache(shape, rows, x, at + shape.queries(), stride, cache, from);
        kernels.attend(
            shape,
            scale,
            sight,
            rows,
            x,
            at,
            stride,
            cache,
            from,
            out,
            1 + from * outStride,
            outStride,
            filled(kernels.attendScratch(shape, rows, end)));
        from = end;
      }
    }
  }

  @Test
  void aCacheOfBytesGivesTheBitsOfSinglesRoundedBefore() {
    for (int headWidth : new int[] {1, 16, 31, 64}) {
      for (Kernels kernels : new Kernels[] {vector, scalar}) {
        CacheShape shape = new CacheShape(4, 2, headWidth);
        int tokens = 75;
        int stride = shape.queries() + 2 * shape.keys();
        float[] x = randoms(2 + tokens * stride, 2);
        Arrays.fill(x, 2 + shape.queries(), 2 + stride, 0);
        Arrays.fill(x, 2 + stride + shape.queries(), 2 + 2 * stride, 1e-40f);
        float[] bytes = filled(1 + tokens * shape.queries());
        float[] singles = bytes.clone();
        run(
            kernels,
            shape,
            CacheType.INT8,
            1,
            Sight.BACK,
            new int[] {tokens},
            x,
            stride,
            bytes,
            shape.queries());
        for (int token = 0; token < tokens; token++) {
          int key = 2 + token * stride + shape.queries();
          for (int head = 0; head < 2 * shape.kvHeads(); head++) {
            round(headWidth, x, key + head * headWidth);
          }
        }
        run(
            kernels,
            shape,
            CacheType.F32,
            1,
            Sight.BACK,
            new int[] {tokens},
            x,
            stride,
            singles,
            shape.queries());
        assertThat(bytes).as("%s, %d", kernels.name(), headWidth).containsExactly(singles);
      }
    }
  }

  /** The rule in plain words: 255 steps from minus to plus the largest. */
  private static void round(int count, float[] x, int at) {
    float largest = 0;
    for (int i = at; i < at + count; i++) {
      largest = Math.max(largest, Math.abs(x[i]));
    }
    float step = largest / 127;
    for (int i = at; i < at + count; i++) {
      float rounded = largest < 1e-36f ? 0 : step * (float) Math.rint(x[i] * (1 / step));
      assertThat(Math.abs(rounded - x[i])).isLessThanOrEqualTo(step * 0.5001f + 1e-38f);
      x[i] = rounded;
    }
  }

  private static double squares(float[] x) {
    double sum = 0;
    for (float value : x) {
      sum += (double) value * value;
    }
    return sum;
  }

  private static org.assertj.core.data.Offset<Double> within(double offset) {
    return org.assertj.core.data.Offset.offset(offset);
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
    Arrays.fill(values, GUARD);
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
