package dev.dragoman.models.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.ParallelKernels;
import dev.dragoman.models.kernel.PositionBias;
import dev.dragoman.models.kernel.RelativePositions;
import dev.dragoman.models.kernel.ScalarKernels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The encoders' own kinds of attention against their scalar twins, over odd sizes. */
class EncoderAttentionTest {
  private static final float GUARD = 54321f;

  private final Kernels vector = new VectorKernels();
  private final Kernels scalar = new ScalarKernels();
  private final Random random = new Random(99);

  @Test
  void localAttentionEqualsItsTwin() {
    for (int tokens : new int[] {1, 2, 5, 17, 33, 95, 97, 200, 301}) {
      for (int reach : new int[] {0, 1, 3, 16, 64, 96, 500, Integer.MAX_VALUE}) {
        for (int headWidth : new int[] {2, 7, 32}) {
          Case sizes = new Case(tokens, 1 + random.nextInt(2), headWidth);
          float scale = (float) (1 / Math.sqrt(headWidth));
          float[] expected = sizes.out();
          float[] actual = sizes.out();
          int far = Math.min(reach, tokens);
          scalar.localAttention(
              far,
              tokens,
              sizes.heads,
              headWidth,
              scale,
              sizes.qkv,
              2,
              sizes.stride,
              expected,
              1,
              sizes.width,
              new float[scalar.attentionScratch(tokens, headWidth)]);
          vector.localAttention(
              reach,
              tokens,
              sizes.heads,
              headWidth,
              scale,
              sizes.qkv,
              2,
              sizes.stride,
              actual,
              1,
              sizes.width,
              randoms(vector.attentionScratch(tokens, headWidth), 1e30f));
          assertClose(actual, expected, headWidth, "%d tokens, reach %d".formatted(tokens, reach));
        }
      }
    }
  }

  @Test
  void attentionWithABiasEqualsItsTwinAlsoWhenThreadsShareTheHeads() {
    try (ParallelKernels parallel = new ParallelKernels(vector, 3)) {
      for (int tokens : new int[] {1, 2, 17, 95, 97, 200}) {
        for (int headWidth : new int[] {2, 7, 32}) {
          Case sizes = new Case(tokens, 1 + random.nextInt(4), headWidth);
          int reach = tokens + random.nextInt(3);
          PositionBias bias =
              random.nextInt(4) == 0
                  ? PositionBias.NONE
                  : new PositionBias(reach, randoms(sizes.heads * (2 * reach - 1), 3));
          float[][] outs = {sizes.out(), sizes.out(), sizes.out()};
          Kernels[] all = {scalar, vector, parallel};
          for (int i = 0; i < all.length; i++) {
            all[i].attention(
                bias,
                tokens,
                sizes.heads,
                headWidth,
                0.7f,
                sizes.qkv,
                2,
                sizes.stride,
                outs[i],
                1,
                sizes.width,
                randoms(all[i].attentionScratch(tokens, headWidth), 1e30f));
          }
          assertClose(outs[1], outs[0], headWidth, tokens + " tokens, " + bias.reach());
          assertThat(outs[2]).containsExactly(outs[1]);
        }
      }
    }
  }

  @Test
  void disentangledAttentionEqualsItsTwin() {
    for (int tokens : new int[] {1, 2, 6, 17, 40, 97, 150}) {
      for (int span : new int[] {1, 3, 20, 200}) {
        for (int kinds = 1; kinds < 4; kinds++) {
          int headWidth = new int[] {2, 7, 16, 33}[random.nextInt(4)];
          Case sizes = new Case(tokens, 1 + random.nextInt(3), headWidth);
          int[] bucketOf = new int[2 * (tokens + random.nextInt(3)) - 1];
          for (int i = 0; i < bucketOf.length; i++) {
            bucketOf[i] = Math.clamp(i - bucketOf.length / 2 + span, 0, 2 * span - 1);
          }
          RelativePositions positions =
              new RelativePositions(
                  (kinds & 1) > 0 ? randoms(2 * span * sizes.width, 1) : new float[0],
                  (kinds & 2) > 0 ? randoms(2 * span * sizes.width, 1) : new float[0],
                  bucketOf);
          float scale = (float) (1 / Math.sqrt(3 * headWidth));
          float[] expected = sizes.out();
          float[] actual = sizes.out();
          scalar.disentangledAttention(
              positions,
              tokens,
              sizes.heads,
              headWidth,
              scale,
              sizes.qkv,
              2,
              sizes.stride,
              expected,
              1,
              sizes.width,
              new float[scalar.disentangledScratch(tokens, headWidth, positions)]);
          vector.disentangledAttention(
              positions,
              tokens,
              sizes.heads,
              headWidth,
              scale,
              sizes.qkv,
              2,
              sizes.stride,
              actual,
              1,
              sizes.width,
              randoms(vector.disentangledScratch(tokens, headWidth, positions), 1e30f));
          assertClose(actual, expected, headWidth, "%d tokens, span %d".formatted(tokens, span));
        }
      }
    }
  }

  private final class Case {
    private final int tokens;
    private final int heads;
    private final int width;
    private final int stride;
    private final float[] qkv;

    private Case(int tokens, int heads, int headWidth) {
      this.tokens = tokens;
      this.heads = heads;
      this.width = heads * headWidth;
      this.stride = 3 * width + random.nextInt(2);
      this.qkv = randoms(2 + tokens * stride, 2);
    }

    private float[] out() {
      float[] out = new float[1 + tokens * width + 5];
      Arrays.fill(out, GUARD);
      return out;
    }
  }

  private float[] randoms(int count, float scale) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (random.nextFloat() * 2 - 1) * scale;
    }
    return values;
  }

  private static void assertClose(float[] actual, float[] expected, int headWidth, String what) {
    double tolerance = 2e-6 * (4 + Math.sqrt(headWidth));
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) Math.abs(actual[i] - expected[i]))
          .as("%s, head width %d, element %d", what, headWidth, i)
          .isLessThanOrEqualTo(expected[i] == GUARD ? 0 : tolerance);
    }
  }
}
