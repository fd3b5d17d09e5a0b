package dev.dragoman.models.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of a matrix product: R rows of x by C vectors of packed weights, the result kept in R * C
 * registers while the depth is walked. Written out by hand, since registers have no indices. Row r
 * of the sums starts from {@code bias[biasAt + r * biasStride]} on: a stride of 0 adds one bias to
 * all rows; y itself as the bias, with its stride, adds to what is in y.
 */
final class Tiles {
  static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  static final int LANES = S.length();

  /**
   * Steps of a loop that the compiler sees is short, so that it puts no safepoint around it: that
   * would take two general registers, and the address of the weights would be kept in a vector
   * register and moved over in each step, which costs a tenth.
   */
  private static final int SHORT = 512;

  private Tiles() {}

  static void tile6x4(
      int depth,
      float[] x,
      int xAt,
      int xStride,
      float[] w,
      int wAt,
      float[] bias,
      int biasAt,
      int biasStride,
      float[] y,
      int yAt,
      int yStride) {
    FloatVector a00 = FloatVector.fromArray(S, bias, biasAt);
    FloatVector a01 = FloatVector.fromArray(S, bias, biasAt + LANES);
    FloatVector a02 = FloatVector.fromArray(S, bias, biasAt + 2 * LANES);
    FloatVector a03 = FloatVector.fromArray(S, bias, biasAt + 3 * LANES);
    FloatVector a10 = FloatVector.fromArray(S, bias, biasAt + biasStride);
    FloatVector a11 = FloatVector.fromArray(S, bias, biasAt + biasStride + LANES);
    FloatVector a12 = FloatVector.fromArray(S, bias, biasAt + biasStride + 2 * LANES);
    FloatVector a13 = FloatVector.fromArray(S, bias, biasAt + biasStride + 3 * LANES);
    FloatVector a20 = FloatVector.fromArray(S, bias, biasAt + 2 * biasStride);
    FloatVector a21 = FloatVector.fromArray(S, bias, biasAt + 2 * biasStride + LANES);
    FloatVector a22 = FloatVector.fromArray(S, bias, biasAt + 2 * biasStride + 2 * LANES);
    FloatVector a23 = FloatVector.fromArray(S, bias, biasAt + 2 * biasStride + 3 * LANES);
    FloatVector a30 = FloatVector.fromArray(S, bias, biasAt + 3 * biasStride);
    FloatVector a31 = FloatVector.fromArray(S, bias, biasAt + 3 * biasStride + LANES);
    FloatVector a32 = FloatVector.fromArray(S, bias, biasAt + 3 * biasStride + 2 * LANES);
    FloatVector a33 = FloatVector.fromArray(S, bias, biasAt + 3 * biasStride + 3 * LANES);
    FloatVector a40 = FloatVector.fromArray(S, bias, biasAt + 4 * biasStride);
    FloatVector a41 = FloatVector.fromArray(S, bias, biasAt + 4 * biasStride + LANES);
    FloatVector a42 = FloatVector.fromArray(S, bias, biasAt + 4 * biasStride + 2 * LANES);
    FloatVector a43 = FloatVector.fromArray(S, bias, biasAt + 4 * biasStride + 3 * LANES);
    FloatVector a50 = FloatVector.fromArray(S, bias, biasAt + 5 * biasStride);
    FloatVector a51 = FloatVector.fromArray(S, bias, biasAt + 5 * biasStride + LANES);
    FloatVector a52 = FloatVector.fromArray(S, bias, biasAt + 5 * biasStride + 2 * LANES);
    FloatVector a53 = FloatVector.fromArray(S, bias, biasAt + 5 * biasStride + 3 * LANES);
    int x0 = xAt;
    int x1 = x0 + xStride;
    int x2 = x1 + xStride;
    int x3 = x2 + xStride;
    int x4 = x3 + xStride;
    int x5 = x4 + xStride;
    for (int from = 0; from < depth; from += SHORT) {
      int part = Math.min(SHORT, depth - from);
      for (int i = 0; i < part; i++) {
        FloatVector w0 = FloatVector.fromArray(S, w, wAt + i * (4 * LANES));
        FloatVector w1 = FloatVector.fromArray(S, w, wAt + i * (4 * LANES) + LANES);
        FloatVector w2 = FloatVector.fromArray(S, w, wAt + i * (4 * LANES) + 2 * LANES);
        FloatVector w3 = FloatVector.fromArray(S, w, wAt + i * (4 * LANES) + 3 * LANES);
        FloatVector r0 = FloatVector.broadcast(S, x[x0 + i]);
        a00 = r0.fma(w0, a00);
        a01 = r0.fma(w1, a01);
        a02 = r0.fma(w2, a02);
        a03 = r0.fma(w3, a03);
        FloatVector r1 = FloatVector.broadcast(S, x[x1 + i]);
        a10 = r1.fma(w0, a10);
        a11 = r1.fma(w1, a11);
        a12 = r1.fma(w2, a12);
        a13 = r1.fma(w3, a13);
        FloatVector r2 = FloatVector.broadcast(S, x[x2 + i]);
        a20 = r2.fma(w0, a20);
        a21 = r2.fma(w1, a21);
        a22 = r2.fma(w2, a22);
        a23 = r2.fma(w3, a23);
        FloatVector r3 = FloatVector.broadcast(S, x[x3 + i]);
        a30 = r3.fma(w0, a30);
        a31 = r3.fma(w1, a31);
        a32 = r3.fma(w2, a32);
        a33 = r3.fma(w3, a33);
        FloatVector r4 = FloatVector.broadcast(S, x[x4 + i]);
        a40 = r4.fma(w0, a40);
        a41 = r4.fma(w1, a41);
        a42 = r4.fma(w2, a42);
        a43 = r4.fma(w3, a43);
        FloatVector r5 = FloatVector.broadcast(S, x[x5 + i]);
        a50 = r5.fma(w0, a50);
        a51 = r5.fma(w1, a51);
        a52 = r5.fma(w2, a52);
        a53 = r5.fma(w3, a53);
      }
      wAt += SHORT * (4 * LANES);
      x0 += SHORT;
      x1 += SHORT;
      x2 += SHORT;
      x3 += SHORT;
      x4 += SHORT;
      x5 += SHORT;
    }
    a00.intoArray(y, yAt);
    a01.intoArray(y, yAt + LANES);
    a02.intoArray(y, yAt + 2 * LANES);
    a03.intoArray(y, yAt + 3 * LANES);
    yAt += yStride;
    a10.intoArray(y, yAt);
    a11.intoArray(y, yAt + LANES);
    a12.intoArray(y, yAt + 2 * LANES);
    a13.intoArray(y, yAt + 3 * LANES);
    yAt += yStride;
    a20.intoArray(y, yAt);
    a21.intoArray(y, yAt + LANES);
    a22.intoArray(y, yAt + 2 * LANES);
    a23.intoArray(y, yAt + 3 * LANES);
    yAt += yStride;
    a30.intoArray(y, yAt);
    a31.intoArray(y, yAt + LANES);
    a32.intoArray(y, yAt + 2 * LANES);
    a33.intoArray(y, yAt + 3 * LANES);
    yAt += yStride;
    a40.intoArray(y, yAt);
    a41.intoArray(y, yAt + LANES);
    a42.intoArray(y, yAt + 2 * LANES);
    a43.intoArray(y, yAt + 3 * LANES);
    yAt += yStride;
    a50.intoArray(y, yAt);
    a51.intoArray(y, yAt + LANES);
    a52.intoArray(y, yAt + 2 * LANES);
    a53.intoArray(y, yAt + 3 * LANES);
  }

  static void tile6x2(
      int depth,
      float[] x,
      int xAt,
      int xStride,
      float[] w,
      int wAt,
      float[] bias,
      int biasAt,
      int biasStride,
      float[] y,
      int yAt,
      int yStride) {
    FloatVector a00 = FloatVector.fromArray(S, bias, biasAt);
    FloatVector a01 = FloatVector.fromArray(S, bias, biasAt + LANES);
    FloatVector a10 = FloatVector.fromArray(S, bias, biasAt + biasStride);
    FloatVector a11 = FloatVector.fromArray(S, bias, biasAt + biasStride + LANES);
    FloatVector a20 = FloatVector.fromArray(S, bias, biasAt + 2 * biasStride);
    FloatVector a21 = FloatVector.fromArray(S, bias, biasAt + 2 * biasStride + LANES);
    FloatVector a30 = FloatVector.fromArray(S, bias, biasAt + 3 * biasStride);
    FloatVector a31 = FloatVector.fromArray(S, bias, biasAt + 3 * biasStride + LANES);
    FloatVector a40 = FloatVector.fromArray(S, bias, biasAt + 4 * biasStride);
    FloatVector a41 = FloatVector.fromArray(S, bias, biasAt + 4 * biasStride + LANES);
    FloatVector a50 = FloatVector.fromArray(S, bias, biasAt + 5 * biasStride);
    FloatVector a51 = FloatVector.fromArray(S, bias, biasAt + 5 * biasStride + LANES);
    int x0 = xAt;
    int x1 = x0 + xStride;
    int x2 = x1 + xStride;
    int x3 = x2 + xStride;
    int x4 = x3 + xStride;
    int x5 = x4 + xStride;
    for (int i = 0; i < depth; i++) {
      FloatVector w0 = FloatVector.fromArray(S, w, wAt + i * (2 * LANES));
      FloatVector w1 = FloatVector.fromArray(S, w, wAt + i * (2 * LANES) + LANES);
      FloatVector r0 = FloatVector.broadcast(S, x[x0 + i]);
      a00 = r0.fma(w0, a00);
      a01 = r0.fma(w1, a01);
      FloatVector r1 = FloatVector.broadcast(S, x[x1 + i]);
      a10 = r1.fma(w0, a10);
      a11 = r1.fma(w1, a11);
      FloatVector r2 = FloatVector.broadcast(S, x[x2 + i]);
      a20 = r2.fma(w0, a20);
      a21 = r2.fma(w1, a21);
      FloatVector r3 = FloatVector.broadcast(S, x[x3 + i]);
      a30 = r3.fma(w0, a30);
      a31 = r3.fma(w1, a31);
      FloatVector r4 = FloatVector.broadcast(S, x[x4 + i]);
      a40 = r4.fma(w0, a40);
      a41 = r4.fma(w1, a41);
      FloatVector r5 = FloatVector.broadcast(S, x[x5 + i]);
      a50 = r5.fma(w0, a50);
      a51 = r5.fma(w1, a51);
    }
    a00.intoArray(y, yAt);
    a01.intoArray(y, yAt + LANES);
    yAt += yStride;
    a10.intoArray(y, yAt);
    a11.intoArray(y, yAt + LANES);
    yAt += yStride;
    a20.intoArray(y, yAt);
    a21.intoArray(y, yAt + LANES);
    yAt += yStride;
    a30.intoArray(y, yAt);
    a31.intoArray(y, yAt + LANES);
    yAt += yStride;
    a40.intoArray(y, yAt);
    a41.intoArray(y, yAt + LANES);
    yAt += yStride;
    a50.intoArray(y, yAt);
    a51.intoArray(y, yAt + LANES);
  }

  static void tile6x1(
      int depth,
      float[] x,
      int xAt,
      int xStride,
      float[] w,
      int wAt,
      float[] bias,
      int biasAt,
      int biasStride,
      float[] y,
      int yAt,
      int yStride,
      int columns) {
    VectorMask<Float> used = S.indexInRange(0, columns);
    FloatVector a00 = FloatVector.fromArray(S, bias, biasAt, used);
    FloatVector a10 = FloatVector.fromArray(S, bias, biasAt + biasStride, used);
    FloatVector a20 = FloatVector.fromArray(S, bias, biasAt + 2 * biasStride, used);
    FloatVector a30 = FloatVector.fromArray(S, bias, biasAt + 3 * biasStride, used);
    FloatVector a40 = FloatVector.fromArray(S, bias, biasAt + 4 * biasStride, used);
    FloatVector a50 = FloatVector.fromArray(S, bias, biasAt + 5 * biasStride, used);
    int x0 = xAt;
    int x1 = x0 + xStride;
    int x2 = x1 + xStride;
    int x3 = x2 + xStride;
    int x4 = x3 + xStride;
    int x5 = x4 + xStride;
    for (int i = 0; i < depth; i++) {
      FloatVector w0 = FloatVector.fromArray(S, w, wAt + i * (LANES));
      FloatVector r0 = FloatVector.broadcast(S, x[x0 + i]);
      a00 = r0.fma(w0, a00);
      FloatVector r1 = FloatVector.broadcast(S, x[x1 + i]);
      a10 = r1.fma(w0, a10);
      FloatVector r2 = FloatVector.broadcast(S, x[x2 + i]);
      a20 = r2.fma(w0, a20);
      FloatVector r3 = FloatVector.broadcast(S, x[x3 + i]);
      a30 = r3.fma(w0, a30);
      FloatVector r4 = FloatVector.broadcast(S, x[x4 + i]);
      a40 = r4.fma(w0, a40);
      FloatVector r5 = FloatVector.broadcast(S, x[x5 + i]);
      a50 = r5.fma(w0, a50);
    }
    a00.intoArray(y, yAt, used);
    yAt += yStride;
    a10.intoArray(y, yAt, used);
    yAt += yStride;
    a20.intoArray(y, yAt, used);
    yAt += yStride;
    a30.intoArray(y, yAt, used);
    yAt += yStride;
    a40.intoArray(y, yAt, used);
    yAt += yStride;
    a50.intoArray(y, yAt, used);
  }

  static void tile1x4(
      int depth,
      float[] x,
      int xAt,
      float[] w,
      int wAt,
      float[] bias,
      int biasAt,
      float[] y,
      int yAt) {
    FloatVector a00 = FloatVector.fromArray(S, bias, biasAt);
    FloatVector a01 = FloatVector.fromArray(S, bias, biasAt + LANES);
    FloatVector a02 = FloatVector.fromArray(S, bias, biasAt + 2 * LANES);
    FloatVector a03 = FloatVector.fromArray(S, bias, biasAt + 3 * LANES);
    int x0 = xAt;
    for (int i = 0; i < depth; i++) {
      FloatVector w0 = FloatVector.fromArray(S, w, wAt + i * (4 * LANES));
      FloatVector w1 = FloatVector.fromArray(S, w, wAt + i * (4 * LANES) + LANES);
      FloatVector w2 = FloatVector.fromArray(S, w, wAt + i * (4 * LANES) + 2 * LANES);
      FloatVector w3 = FloatVector.fromArray(S, w, wAt + i * (4 * LANES) + 3 * LANES);
      FloatVector r0 = FloatVector.broadcast(S, x[x0 + i]);
      a00 = r0.fma(w0, a00);
      a01 = r0.fma(w1, a01);
      a02 = r0.fma(w2, a02);
      a03 = r0.fma(w3, a03);
    }
    a00.intoArray(y, yAt);
    a01.intoArray(y, yAt + LANES);
    a02.intoArray(y, yAt + 2 * LANES);
    a03.intoArray(y, yAt + 3 * LANES);
  }

  static void tile1x2(
      int depth,
      float[] x,
      int xAt,
      float[] w,
      int wAt,
      float[] bias,
      int biasAt,
      float[] y,
      int yAt) {
    FloatVector a00 = FloatVector.fromArray(S, bias, biasAt);
    FloatVector a01 = FloatVector.fromArray(S, bias, biasAt + LANES);
    int x0 = xAt;
    for (int i = 0; i < depth; i++) {
      FloatVector w0 = FloatVector.fromArray(S, w, wAt + i * (2 * LANES));
      FloatVector w1 = FloatVector.fromArray(S, w, wAt + i * (2 * LANES) + LANES);
      FloatVector r0 = FloatVector.broadcast(S, x[x0 + i]);
      a00 = r0.fma(w0, a00);
      a01 = r0.fma(w1, a01);
    }
    a00.intoArray(y, yAt);
    a01.intoArray(y, yAt + LANES);
  }

  static void tile1x1(
      int depth,
      float[] x,
      int xAt,
      float[] w,
      int wAt,
      float[] bias,
      int biasAt,
      float[] y,
      int yAt,
      int columns) {
    VectorMask<Float> used = S.indexInRange(0, columns);
    FloatVector a00 = FloatVector.fromArray(S, bias, biasAt, used);
    int x0 = xAt;
    for (int i = 0; i < depth; i++) {
      FloatVector w0 = FloatVector.fromArray(S, w, wAt + i * (LANES));
      FloatVector r0 = FloatVector.broadcast(S, x[x0 + i]);
      a00 = r0.fma(w0, a00);
    }
    a00.intoArray(y, yAt, used);
  }
}
