package dev.dragoman.models.kernel.vector;

import static dev.dragoman.models.kernel.vector.Tiles.LANES;
import static dev.dragoman.models.kernel.vector.Tiles.S;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/** What is done to one row as a whole: sums, softmax, normalisation, rotation. */
final class RowMath {
  private static final VectorShuffle<Float> BY_8 = turn(8);
  private static final VectorShuffle<Float> BY_4 = turn(4);
  private static final VectorShuffle<Float> BY_2 = turn(2);
  private static final VectorShuffle<Float> BY_1 = turn(1);

  /** Changes the places of neighbours: 1, 0, 3, 2, ... */
  private static final VectorShuffle<Float> PAIRS = VectorShuffle.fromOp(S, lane -> lane ^ 1);

  private RowMath() {}

  /** Turns a vector by so many lanes. */
  private static VectorShuffle<Float> turn(int by) {
    return VectorShuffle.fromOp(S, lane -> (lane + by) % LANES);
  }

  /**
   * The sum of the lanes, always in the same order. That of {@code reduceLanes} depends on whether
   * the method has been compiled yet, and with it the last bit.
   */
  static float sum(FloatVector v) {
    // Written out: in a loop over the shuffles each step would allocate its vector.
    FloatVector sum = v;
    if (LANES > 8) {
      sum = sum.add(sum.rearrange(BY_8));
    }
    if (LANES > 4) {
      sum = sum.add(sum.rearrange(BY_4));
    }
    if (LANES > 2) {
      sum = sum.add(sum.rearrange(BY_2));
    }
    return sum.add(sum.rearrange(BY_1)).lane(0);
  }

  /** {@code x = x * scale + y}. */
  static void scaleAndAdd(int count, float scale, float[] x, int at, float[] y, int yAt) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector.fromArray(S, x, at + i)
          .mul(scale)
          .add(FloatVector.fromArray(S, y, yAt + i))
          .intoArray(x, at + i);
    }
    for (; i < count; i++) {
      x[at + i] = x[at + i] * scale + y[yAt + i];
    }
  }

  /** The logarithm of the sum of {@code e^x}. */
  static float logSum(int count, float[] x, int at) {
    int whole = S.loopBound(count);
    VectorMask<Float> rest = Products.first(count - whole);
    FloatVector max = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    int i = 0;
    for (; i < whole; i += LANES) {
      max = max.max(FloatVector.fromArray(S, x, at + i));
    }
    if (i < count) {
      max = max.lanewise(VectorOperators.MAX, FloatVector.fromArray(S, x, at + i, rest), rest);
    }
    float top = max.reduceLanes(VectorOperators.MAX);
    FloatVector sum = FloatVector.zero(S);
    for (i = 0; i < whole; i += LANES) {
      sum = sum.add(Curves.exp(FloatVector.fromArray(S, x, at + i).sub(top)));
    }
    if (i < count) {
      sum = sum.add(Curves.exp(FloatVector.fromArray(S, x, at + i, rest).sub(top)), rest);
    }
    return (float) (top + Math.log(sum(sum)));
  }

  static void softmax(int count, float scale, float[] x, int at) {
    int whole = S.loopBound(count);
    VectorMask<Float> rest = Products.first(count - whole);
    FloatVector max = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    int i = 0;
    for (; i < whole; i += LANES) {
      max = max.max(FloatVector.fromArray(S, x, at + i));
    }
    if (i < count) {
      max = max.lanewise(VectorOperators.MAX, FloatVector.fromArray(S, x, at + i, rest), rest);
    }
    float top = max.reduceLanes(VectorOperators.MAX);
    FloatVector sum = FloatVector.zero(S);
    for (i = 0; i < whole; i += LANES) {
      FloatVector e = Curves.exp(FloatVector.fromArray(S, x, at + i).sub(top).mul(scale));
      sum = sum.add(e);
      e.intoArray(x, at + i);
    }
    if (i < count) {
      FloatVector e = Curves.exp(FloatVector.fromArray(S, x, at + i, rest).sub(top).mul(scale));
      sum = sum.add(e, rest);
      e.intoArray(x, at + i, rest);
    }
    float factor = 1 / sum(sum);
    for (i = 0; i < whole; i += LANES) {
      FloatVector.fromArray(S, x, at + i).mul(factor).intoArray(x, at + i);
    }
    if (i < count) {
      FloatVector.fromArray(S, x, at + i, rest).mul(factor).intoArray(x, at + i, rest);
    }
  }

  /**
   * Softmax of the elements from one index up to another; all other elements of the row become 0.
   *
   * @param width of the row, a multiple of the lanes
   */
  static void softmaxWithin(int from, int to, int width, float scale, float[] x, int at) {
    int first = from / LANES * LANES;
    int end = Products.up(to);
    Arrays.fill(x, at + first, at + from, Float.NEGATIVE_INFINITY);
    Arrays.fill(x, at + to, at + end, Float.NEGATIVE_INFINITY);
    FloatVector max = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    for (int i = first; i < end; i += LANES) {
      max = max.max(FloatVector.fromArray(S, x, at + i));
    }
    float top = max.reduceLanes(VectorOperators.MAX);
    FloatVector sum = FloatVector.zero(S);
    for (int i = first; i < end; i += LANES) {
      FloatVector e = Curves.exp(FloatVector.fromArray(S, x, at + i).sub(top).mul(scale));
      sum = sum.add(e);
      e.intoArray(x, at + i);
    }
    float factor = 1 / sum(sum);
    for (int i = first; i < end; i += LANES) {
      FloatVector.fromArray(S, x, at + i).mul(factor).intoArray(x, at + i);
    }
    Arrays.fill(x, at, at + first, 0);
    Arrays.fill(x, at + end, at + width, 0);
  }

  static void addAndNormalize(
      int width,
      float[] x,
      int at,
      float[] residual,
      int residualAt,
      float[] gain,
      float[] bias,
      float epsilon) {
    int whole = S.loopBound(width);
    FloatVector sum = FloatVector.zero(S);
    int i = 0;
    for (; i < whole; i += LANES) {
      FloatVector v =
          FloatVector.fromArray(S, x, at + i)
              .add(FloatVector.fromArray(S, residual, residualAt + i));
      v.intoArray(x, at + i);
      sum = sum.add(v);
    }
    float total = sum(sum);
    for (; i < width; i++) {
      x[at + i] += residual[residualAt + i];
      total += x[at + i];
    }
    float mean = total / width;
    FloatVector squares = FloatVector.zero(S);
    for (i = 0; i < whole; i += LANES) {
      FloatVector v = FloatVector.fromArray(S, x, at + i).sub(mean);
      squares = v.fma(v, squares);
    }
    float variance = sum(squares);
    for (; i < width; i++) {
      variance += (x[at + i] - mean) * (x[at + i] - mean);
    }
    float factor = (float) (1 / Math.sqrt(variance / width + epsilon));
    for (i = 0; i < whole; i += LANES) {
      FloatVector.fromArray(S, x, at + i)
          .sub(mean)
          .mul(factor)
          .fma(FloatVector.fromArray(S, gain, i), FloatVector.fromArray(S, bias, i))
          .intoArray(x, at + i);
    }
    for (; i < width; i++) {
      x[at + i] = (x[at + i] - mean) * factor * gain[i] + bias[i];
    }
  }

  static void normalize(
      int width,
      float[] x,
      int at,
      float[] gain,
      float[] bias,
      float epsilon,
      float[] out,
      int outAt) {
    int whole = S.loopBound(width);
    FloatVector sum = FloatVector.zero(S);
    int i = 0;
    for (; i < whole; i += LANES) {
      sum = sum.add(FloatVector.fromArray(S, x, at + i));
    }
    float total = sum(sum);
    for (; i < width; i++) {
      total += x[at + i];
    }
    float mean = total / width;
    FloatVector squares = FloatVector.zero(S);
    for (i = 0; i < whole; i += LANES) {
      FloatVector v = FloatVector.fromArray(S, x, at + i).sub(mean);
      squares = v.fma(v, squares);
    }
    float variance = sum(squares);
    for (; i < width; i++) {
      variance += (x[at + i] - mean) * (x[at + i] - mean);
    }
    float factor = (float) (1 / Math.sqrt(variance / width + epsilon));
    for (i = 0; i < whole; i += LANES) {
      FloatVector.fromArray(S, x, at + i)
          .sub(mean)
          .mul(factor)
          .fma(FloatVector.fromArray(S, gain, i), FloatVector.fromArray(S, bias, i))
          .intoArray(out, outAt + i);
    }
    for (; i < width; i++) {
      out[outAt + i] = (x[at + i] - mean) * factor * gain[i] + bias[i];
    }
  }

  static void rmsNormalize(
      int width, float[] x, int at, float[] gain, float epsilon, float[] out, int outAt) {
    int whole = S.loopBound(width);
    FloatVector sum = FloatVector.zero(S);
    int i = 0;
    for (; i < whole; i += LANES) {
      FloatVector v = FloatVector.fromArray(S, x, at + i);
      sum = v.fma(v, sum);
    }
    float squares = sum(sum);
    for (; i < width; i++) {
      squares += x[at + i] * x[at + i];
    }
    float factor = (float) (1 / Math.sqrt(squares / width + epsilon));
    for (i = 0; i < whole; i += LANES) {
      FloatVector.fromArray(S, x, at + i)
          .mul(factor)
          .mul(FloatVector.fromArray(S, gain, i))
          .intoArray(out, outAt + i);
    }
    for (; i < width; i++) {
      out[outAt + i] = x[at + i] * factor * gain[i];
    }
  }

  /** Turns each element with the one half a rotation away. */
  static void rotateHalves(int rotary, float[] x, int at, float[] table, int tableAt) {
    int half = rotary / 2;
    int sine = tableAt + rotary;
    int i = 0;
    for (; i <= half - LANES; i += LANES) {
      FloatVector low = FloatVector.fromArray(S, x, at + i);
      FloatVector high = FloatVector.fromArray(S, x, at + half + i);
      FloatVector turnedLow =
          low.mul(FloatVector.fromArray(S, table, tableAt + i))
              .add(high.mul(FloatVector.fromArray(S, table, sine + i)));
      FloatVector turnedHigh =
          high.mul(FloatVector.fromArray(S, table, tableAt + half + i))
              .add(low.mul(FloatVector.fromArray(S, table, sine + half + i)));
      turnedLow.intoArray(x, at + i);
      turnedHigh.intoArray(x, at + half + i);
    }
    for (; i < half; i++) {
      float low = x[at + i];
      float high = x[at + half + i];
      x[at + i] = low * table[tableAt + i] + high * table[sine + i];
      x[at + half + i] = high * table[tableAt + half + i] + low * table[sine + half + i];
    }
  }

  /** Turns each element with its neighbour. */
  static void rotatePairs(int rotary, float[] x, int at, float[] table, int tableAt) {
    int sine = tableAt + rotary;
    int i = 0;
    for (; i <= rotary - LANES; i += LANES) {
      FloatVector v = FloatVector.fromArray(S, x, at + i);
      v.mul(FloatVector.fromArray(S, table, tableAt + i))
          .add(v.rearrange(PAIRS).mul(FloatVector.fromArray(S, table, sine + i)))
          .intoArray(x, at + i);
    }
    for (; i < rotary; i += 2) {
      float even = x[at + i];
      float odd = x[at + i + 1];
      x[at + i] = even * table[tableAt + i] + odd * table[sine + i];
      x[at + i + 1] = odd * table[tableAt + i + 1] + even * table[sine + i + 1];
    }
  }
}
