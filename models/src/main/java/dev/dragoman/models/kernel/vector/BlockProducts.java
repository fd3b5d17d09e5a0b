package dev.dragoman.models.kernel.vector;

import static dev.dragoman.models.kernel.vector.Tiles.LANES;
import static dev.dragoman.models.kernel.vector.Tiles.S;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.BlockMatrix;
import dev.dragoman.models.kernel.BlockMatrix.Form;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of rows with panels of codes. For a row or two the codes become weights in registers;
 * for more, a few panels are unpacked to singles, which all rows then use. Either way a result is
 * made by the same operations in the same order, those of {@link Products} on the same weights as
 * singles.
 */
final class BlockProducts {
  /** Up to so many rows the codes are read for each of them. */
  private static final int FEW = 2;

  /** How many codes of a panel of nibbles share a scale. */
  private static final int NIBBLE_RUN = 32;

  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, LANES * Byte.SIZE)));
  private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, S.vectorShape());
  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private BlockProducts() {}

  private static final class Scratch {
    private final float[] sums = new float[4 * LANES];
    private float[] weights = new float[0]; // [depth, 4 * LANES]

    float[] weights(int size) {
      if (weights.length < size) {
        weights = new float[size];
      }
      return weights;
    }
  }

  /** Whether vectors are wide enough: there are no vectors of 4 bytes. */
  static boolean possible() {
    return LANES >= 8;
  }

  /**
   * {@code y = activation(x * W^T + b)}, for some of the outputs: whole panels, or up to the end.
   */
  static void product(
      int rows,
      float[] x,
      int xAt,
      int xStride,
      BlockMatrix matrix,
      Activation activation,
      float[] y,
      int yAt,
      int yStride,
      int from,
      int to) {
    int depth = matrix.inputs();
    Scratch scratch = SCRATCH.get();
    for (int output = from; output < to; ) {
      int vectors = Products.panel(to - output);
      int used = Math.min(vectors * LANES, to - output);
      if (rows <= FEW) {
        for (int row = 0; row < rows; row++) {
          int x0 = xAt + row * xStride;
          int y0 = yAt + row * yStride + output;
          if (used == vectors * LANES) {
            row(matrix, output / LANES, vectors, x, x0, y, y0);
          } else {
            row(matrix, output / LANES, vectors, x, x0, scratch.sums, 0);
            System.arraycopy(scratch.sums, 0, y, y0, used);
          }
          if (activation != Activation.NONE) {
            Gates.activate(activation, used, y, y0);
          }
        }
      } else {
        int width = vectors * LANES;
        float[] weights = scratch.weights(depth * width);
        for (int vector = 0; vector < vectors; vector++) {
          unpack(matrix, output / LANES + vector, weights, vector * LANES, width);
        }
        Products.panels(
            rows,
            depth,
            depth,
            used,
            x,
            xAt,
            xStride,
            weights,
            0,
            matrix.bias(),
            output,
            1,
            0,
            activation,
            y,
            yAt + output,
            yStride);
      }
      output += vectors * LANES;
    }
  }

  private static void row(
      BlockMatrix matrix, int panel, int vectors, float[] x, int xAt, float[] y, int yAt) {
    if (vectors == 1) {
      one(matrix, panel, x, xAt, y, yAt);
      return;
    }
    Form form = matrix.form(panel);
    boolean same = form != Form.BYTES_AND_MINIMUMS;
    for (int i = 1; i < vectors; i++) {
      same &= matrix.form(panel + i) == form && matrix.run(panel + i) == matrix.run(panel);
    }
    if (!same) {
      for (int i = 0; i < vectors; i++) {
        one(matrix, panel + i, x, xAt, y, yAt + i * LANES);
      }
      return;
    }
    int depth = matrix.inputs();
    int run = matrix.run(panel);
    byte[] codes = matrix.codes();
    float[] scales = matrix.scales();
    float[] bias = matrix.bias();
    int codesAt = matrix.codesAt(panel);
    int scalesAt = matrix.scalesAt(panel);
    int biasAt = panel * LANES;
    if (form == Form.NIBBLES) {
      // Four at once are more than the compiler would take apart.
      for (int i = 0; i < vectors; i += 2) {
        nibbles2(
            depth,
            codes,
            matrix.codesAt(panel + i),
            scales,
            matrix.scalesAt(panel + i),
            x,
            xAt,
            bias,
            biasAt + i * LANES,
            y,
            yAt + i * LANES);
      }
    } else if (vectors == 4) {
      bytes4(depth, run, codes, codesAt, scales, scalesAt, x, xAt, bias, biasAt, y, yAt);
    } else {
      bytes2(depth, run, codes, codesAt, scales, scalesAt, x, xAt, bias, biasAt, y, yAt);
    }
  }

  private static void one(BlockMatrix matrix, int panel, float[] x, int xAt, float[] y, int yAt) {
    int depth = matrix.inputs();
    int run = matrix.run(panel);
    byte[] codes = matrix.codes();
    float[] scales = matrix.scales();
    float[] bias = matrix.bias();
    int codesAt = matrix.codesAt(panel);
    int scalesAt = matrix.scalesAt(panel);
    int biasAt = panel * LANES;
    switch (matrix.form(panel)) {
      case NIBBLES ->
          nibbles1(depth, codes, codesAt, scales, scalesAt, x, xAt, bias, biasAt, y, yAt);
      case BYTES ->
          bytes1(depth, run, codes, codesAt, scales, scalesAt, x, xAt, bias, biasAt, y, yAt);
      case BYTES_AND_MINIMUMS ->
          both1(depth, run, codes, codesAt, scales, scalesAt, x, xAt, bias, biasAt, y, yAt);
    }
  }

  /** Two codes a lane. */
  private static IntVector pairs(byte[] codes, int at) {
    return (IntVector)
        ByteVector.fromArray(B, codes, at).convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0);
  }

  private static FloatVector low(IntVector pairs) {
    return (FloatVector) pairs.and(15).convert(VectorOperators.I2F, 0);
  }

  private static FloatVector high(IntVector pairs) {
    return (FloatVector) pairs.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0);
  }

  private static FloatVector signed(byte[] codes, int at) {
    return (FloatVector) ByteVector.fromArray(B, codes, at).convertShape(VectorOperators.B2F, S, 0);
  }

  /** Two panels of nibbles by one row. */
  private static void nibbles2(
      int depth,
      byte[] codes,
      int codesAt,
      float[] scales,
      int scalesAt,
      float[] x,
      int xAt,
      float[] bias,
      int biasAt,
      float[] y,
      int yAt) {
    int panel = depth / 2 * LANES;
    int scalesStep = depth / NIBBLE_RUN * 2 * LANES;
    FloatVector a0 = FloatVector.fromArray(S, bias, biasAt + 0 * LANES);
    FloatVector a1 = FloatVector.fromArray(S, bias, biasAt + 1 * LANES);
    for (int run = 0; run < depth / NIBBLE_RUN; run++) {
      int scale = scalesAt + run * 2 * LANES;
      FloatVector d0 = FloatVector.fromArray(S, scales, scale + 0 * scalesStep);
      FloatVector m0 = FloatVector.fromArray(S, scales, scale + 0 * scalesStep + LANES);
      FloatVector d1 = FloatVector.fromArray(S, scales, scale + 1 * scalesStep);
      FloatVector m1 = FloatVector.fromArray(S, scales, scale + 1 * scalesStep + LANES);
      for (int pair = 0; pair < NIBBLE_RUN / 2; pair++) {
        int input = xAt + run * NIBBLE_RUN + 2 * pair;
        int at = codesAt + (run * (NIBBLE_RUN / 2) + pair) * LANES;
        FloatVector x0 = FloatVector.broadcast(S, x[input]);
        FloatVector x1 = FloatVector.broadcast(S, x[input + 1]);
        IntVector q0 = pairs(codes, at + 0 * panel);
        a0 = low(q0).fma(d0, m0).fma(x0, a0);
        a0 = high(q0).fma(d0, m0).fma(x1, a0);
        IntVector q1 = pairs(codes, at + 1 * panel);
        a1 = low(q1).fma(d1, m1).fma(x0, a1);
        a1 = high(q1).fma(d1, m1).fma(x1, a1);
      }
    }
    a0.intoArray(y, yAt + 0 * LANES);
    a1.intoArray(y, yAt + 1 * LANES);
  }

  /** One panel of nibbles by one row. */
  private static void nibbles1(
      int depth,
      byte[] codes,
      int codesAt,
      float[] scales,
      int scalesAt,
      float[] x,
      int xAt,
      float[] bias,
      int biasAt,
      float[] y,
      int yAt) {
    int panel = depth / 2 * LANES;
    int scalesStep = depth / NIBBLE_RUN * 2 * LANES;
    FloatVector a0 = FloatVector.fromArray(S, bias, biasAt + 0 * LANES);
    for (int run = 0; run < depth / NIBBLE_RUN; run++) {
      int scale = scalesAt + run * 2 * LANES;
      FloatVector d0 = FloatVector.fromArray(S, scales, scale + 0 * scalesStep);
      FloatVector m0 = FloatVector.fromArray(S, scales, scale + 0 * scalesStep + LANES);
      for (int pair = 0; pair < NIBBLE_RUN / 2; pair++) {
        int input = xAt + run * NIBBLE_RUN + 2 * pair;
        int at = codesAt + (run * (NIBBLE_RUN / 2) + pair) * LANES;
        FloatVector x0 = FloatVector.broadcast(S, x[input]);
        FloatVector x1 = FloatVector.broadcast(S, x[input + 1]);
        IntVector q0 = pairs(codes, at + 0 * panel);
        a0 = low(q0).fma(d0, m0).fma(x0, a0);
        a0 = high(q0).fma(d0, m0).fma(x1, a0);
      }
    }
    a0.intoArray(y, yAt + 0 * LANES);
  }

  /** Four panels of bytes without minimums by one row. */
  private static void bytes4(
      int depth,
      int length,
      byte[] codes,
      int codesAt,
      float[] scales,
      int scalesAt,
      float[] x,
      int xAt,
      float[] bias,
      int biasAt,
      float[] y,
      int yAt) {
    int panel = depth * LANES;
    int scalesStep = depth / length * LANES;
    FloatVector a0 = FloatVector.fromArray(S, bias, biasAt + 0 * LANES);
    FloatVector a1 = FloatVector.fromArray(S, bias, biasAt + 1 * LANES);
    FloatVector a2 = FloatVector.fromArray(S, bias, biasAt + 2 * LANES);
    FloatVector a3 = FloatVector.fromArray(S, bias, biasAt + 3 * LANES);
    for (int run = 0; run < depth / length; run++) {
      int scale = scalesAt + run * LANES;
      FloatVector d0 = FloatVector.fromArray(S, scales, scale + 0 * scalesStep);
      FloatVector d1 = FloatVector.fromArray(S, scales, scale + 1 * scalesStep);
      FloatVector d2 = FloatVector.fromArray(S, scales, scale + 2 * scalesStep);
      FloatVector d3 = FloatVector.fromArray(S, scales, scale + 3 * scalesStep);
      for (int i = run * length; i < (run + 1) * length; i++) {
        int at = codesAt + i * LANES;
        FloatVector x0 = FloatVector.broadcast(S, x[xAt + i]);
        a0 = signed(codes, at + 0 * panel).mul(d0).fma(x0, a0);
        a1 = signed(codes, at + 1 * panel).mul(d1).fma(x0, a1);
        a2 = signed(codes, at + 2 * panel).mul(d2).fma(x0, a2);
        a3 = signed(codes, at + 3 * panel).mul(d3).fma(x0, a3);
      }
    }
    a0.intoArray(y, yAt + 0 * LANES);
    a1.intoArray(y, yAt + 1 * LANES);
    a2.intoArray(y, yAt + 2 * LANES);
    a3.intoArray(y, yAt + 3 * LANES);
  }

  /** Two panels of bytes without minimums by one row. */
  private static void bytes2(
      int depth,
      int length,
      byte[] codes,
      int codesAt,
      float[] scales,
      int scalesAt,
      float[] x,
      int xAt,
      float[] bias,
      int biasAt,
      float[] y,
      int yAt) {
    int panel = depth * LANES;
    int scalesStep = depth / length * LANES;
    FloatVector a0 = FloatVector.fromArray(S, bias, biasAt + 0 * LANES);
    FloatVector a1 = FloatVector.fromArray(S, bias, biasAt + 1 * LANES);
    for (int run = 0; run < depth / length; run++) {
      int scale = scalesAt + run * LANES;
      FloatVector d0 = FloatVector.fromArray(S, scales, scale + 0 * scalesStep);
      FloatVector d1 = FloatVector.fromArray(S, scales, scale + 1 * scalesStep);
      for (int i = run * length; i < (run + 1) * length; i++) {
        int at = codesAt + i * LANES;
        FloatVector x0 = FloatVector.broadcast(S, x[xAt + i]);
        a0 = signed(codes, at + 0 * panel).mul(d0).fma(x0, a0);
        a1 = signed(codes, at + 1 * panel).mul(d1).fma(x0, a1);
      }
    }
    a0.intoArray(y, yAt + 0 * LANES);
    a1.intoArray(y, yAt + 1 * LANES);
  }

  /** One panel of bytes without minimums by one row. */
  private static void bytes1(
      int depth,
      int length,
      byte[] codes,
      int codesAt,
      float[] scales,
      int scalesAt,
      float[] x,
      int xAt,
      float[] bias,
      int biasAt,
      float[] y,
      int yAt) {
    int panel = depth * LANES;
    int scalesStep = depth / length * LANES;
    FloatVector a0 = FloatVector.fromArray(S, bias, biasAt + 0 * LANES);
    for (int run = 0; run < depth / length; run++) {
      int scale = scalesAt + run * LANES;
      FloatVector d0 = FloatVector.fromArray(S, scales, scale + 0 * scalesStep);
      for (int i = run * length; i < (run + 1) * length; i++) {
        int at = codesAt + i * LANES;
        FloatVector x0 = FloatVector.broadcast(S, x[xAt + i]);
        a0 = signed(codes, at + 0 * panel).mul(d0).fma(x0, a0);
      }
    }
    a0.intoArray(y, yAt + 0 * LANES);
  }

  /** A panel of bytes with minimums by one row. */
  private static void both1(
      int depth,
      int length,
      byte[] codes,
      int codesAt,
      float[] scales,
      int scalesAt,
      float[] x,
      int xAt,
      float[] bias,
      int biasAt,
      float[] y,
      int yAt) {
    FloatVector a0 = FloatVector.fromArray(S, bias, biasAt);
    for (int run = 0; run < depth / length; run++) {
      int scale = scalesAt + run * 2 * LANES;
      FloatVector d0 = FloatVector.fromArray(S, scales, scale);
      FloatVector m0 = FloatVector.fromArray(S, scales, scale + LANES);
      for (int i = run * length; i < (run + 1) * length; i++) {
        FloatVector x0 = FloatVector.broadcast(S, x[xAt + i]);
        a0 = signed(codes, codesAt + i * LANES).fma(d0, m0).fma(x0, a0);
      }
    }
    a0.intoArray(y, yAt);
  }

  /** Makes singles of a panel: a column of vectors. */
  private static void unpack(BlockMatrix matrix, int panel, float[] out, int outAt, int stride) {
    int depth = matrix.inputs();
    int length = matrix.run(panel);
    byte[] codes = matrix.codes();
    float[] scales = matrix.scales();
    int from = matrix.codesAt(panel);
    int scale = matrix.scalesAt(panel);
    Form form = matrix.form(panel);
    for (int start = 0; start < depth; start += length) {
      int to = outAt + start * stride;
      switch (form) {
        case NIBBLES ->
            unpackNibbles(codes, from + start / 2 * LANES, scales, scale, out, to, stride);
        case BYTES ->
            unpackBytes(length, codes, from + start * LANES, scales, scale, out, to, stride);
        case BYTES_AND_MINIMUMS ->
            unpackBoth(length, codes, from + start * LANES, scales, scale, out, to, stride);
      }
      scale += form == Form.BYTES ? LANES : 2 * LANES;
    }
  }

  private static void unpackNibbles(
      byte[] codes, int at, float[] scales, int scale, float[] out, int to, int stride) {
    FloatVector d = FloatVector.fromArray(S, scales, scale);
    FloatVector m = FloatVector.fromArray(S, scales, scale + LANES);
    for (int pair = 0; pair < NIBBLE_RUN / 2; pair++) {
      IntVector q = pairs(codes, at + pair * LANES);
      low(q).fma(d, m).intoArray(out, to + 2 * pair * stride);
      high(q).fma(d, m).intoArray(out, to + (2 * pair + 1) * stride);
    }
  }

  private static void unpackBytes(
      int count, byte[] codes, int at, float[] scales, int scale, float[] out, int to, int stride) {
    FloatVector d = FloatVector.fromArray(S, scales, scale);
    for (int i = 0; i < count; i++) {
      signed(codes, at + i * LANES).mul(d).intoArray(out, to + i * stride);
    }
  }

  private static void unpackBoth(
      int count, byte[] codes, int at, float[] scales, int scale, float[] out, int to, int stride) {
    FloatVector d = FloatVector.fromArray(S, scales, scale);
    FloatVector m = FloatVector.fromArray(S, scales, scale + LANES);
    for (int i = 0; i < count; i++) {
      signed(codes, at + i * LANES).fma(d, m).intoArray(out, to + i * stride);
    }
  }
}
