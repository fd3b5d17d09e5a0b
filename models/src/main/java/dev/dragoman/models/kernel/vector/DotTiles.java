package dev.dragoman.models.kernel.vector;

import static dev.dragoman.models.kernel.vector.Tiles.LANES;
import static dev.dragoman.models.kernel.vector.Tiles.S;

import jdk.incubator.vector.FloatVector;

/**
 * Tiles of a matrix product whose weights lie row by row: R rows of x by C rows of w, one vector of
 * partial sums each in registers. Whatever the tile, a result is made by the same operations in the
 * same order: lane l sums every element whose index is l, and {@link RowMath#sum} sums the lanes.
 */
final class DotTiles {
  /** Floats that a tile writes, at most. */
  static final int SUMS = 24 * LANES;

  private DotTiles() {}

  /**
   * Sums the lanes of what a tile wrote.
   *
   * @param sums [rows, columns, lanes]
   * @param y [rows, columns]
   */
  static void total(
      int rows, int columns, int used, float[] sums, float[] y, int yAt, int yStride) {
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < used; column++) {
        y[yAt + row * yStride + column] =
            RowMath.sum(FloatVector.fromArray(S, sums, (row * columns + column) * LANES));
      }
    }
  }

  static void tile6x4(
      int depth, float[] x, int xAt, int xStride, float[] w, int wAt, float[] sums) {
    FloatVector a00 = FloatVector.zero(S);
    FloatVector a01 = FloatVector.zero(S);
    FloatVector a02 = FloatVector.zero(S);
    FloatVector a03 = FloatVector.zero(S);
    FloatVector a10 = FloatVector.zero(S);
    FloatVector a11 = FloatVector.zero(S);
    FloatVector a12 = FloatVector.zero(S);
    FloatVector a13 = FloatVector.zero(S);
    FloatVector a20 = FloatVector.zero(S);
    FloatVector a21 = FloatVector.zero(S);
    FloatVector a22 = FloatVector.zero(S);
    FloatVector a23 = FloatVector.zero(S);
    FloatVector a30 = FloatVector.zero(S);
    FloatVector a31 = FloatVector.zero(S);
    FloatVector a32 = FloatVector.zero(S);
    FloatVector a33 = FloatVector.zero(S);
    FloatVector a40 = FloatVector.zero(S);
    FloatVector a41 = FloatVector.zero(S);
    FloatVector a42 = FloatVector.zero(S);
    FloatVector a43 = FloatVector.zero(S);
    FloatVector a50 = FloatVector.zero(S);
    FloatVector a51 = FloatVector.zero(S);
    FloatVector a52 = FloatVector.zero(S);
    FloatVector a53 = FloatVector.zero(S);
    int w0 = wAt;
    int w1 = wAt + depth;
    int w2 = wAt + 2 * depth;
    int w3 = wAt + 3 * depth;
    int x1 = xAt + xStride;
    int x2 = xAt + 2 * xStride;
    int x3 = xAt + 3 * xStride;
    int x4 = xAt + 4 * xStride;
    int x5 = xAt + 5 * xStride;
    for (int i = 0; i < depth; i += LANES) {
      FloatVector v0 = FloatVector.fromArray(S, w, w0 + i);
      FloatVector v1 = FloatVector.fromArray(S, w, w1 + i);
      FloatVector v2 = FloatVector.fromArray(S, w, w2 + i);
      FloatVector v3 = FloatVector.fromArray(S, w, w3 + i);
      FloatVector r0 = FloatVector.fromArray(S, x, xAt + i);
      a00 = r0.fma(v0, a00);
      a01 = r0.fma(v1, a01);
      a02 = r0.fma(v2, a02);
      a03 = r0.fma(v3, a03);
      FloatVector r1 = FloatVector.fromArray(S, x, x1 + i);
      a10 = r1.fma(v0, a10);
      a11 = r1.fma(v1, a11);
      a12 = r1.fma(v2, a12);
      a13 = r1.fma(v3, a13);
      FloatVector r2 = FloatVector.fromArray(S, x, x2 + i);
      a20 = r2.fma(v0, a20);
      a21 = r2.fma(v1, a21);
      a22 = r2.fma(v2, a22);
      a23 = r2.fma(v3, a23);
      FloatVector r3 = FloatVector.fromArray(S, x, x3 + i);
      a30 = r3.fma(v0, a30);
      a31 = r3.fma(v1, a31);
      a32 = r3.fma(v2, a32);
      a33 = r3.fma(v3, a33);
      FloatVector r4 = FloatVector.fromArray(S, x, x4 + i);
      a40 = r4.fma(v0, a40);
      a41 = r4.fma(v1, a41);
      a42 = r4.fma(v2, a42);
      a43 = r4.fma(v3, a43);
      FloatVector r5 = FloatVector.fromArray(S, x, x5 + i);
      a50 = r5.fma(v0, a50);
      a51 = r5.fma(v1, a51);
      a52 = r5.fma(v2, a52);
      a53 = r5.fma(v3, a53);
    }
    a00.intoArray(sums, 0);
    a01.intoArray(sums, LANES);
    a02.intoArray(sums, 2 * LANES);
    a03.intoArray(sums, 3 * LANES);
    a10.intoArray(sums, 4 * LANES);
    a11.intoArray(sums, 5 * LANES);
    a12.intoArray(sums, 6 * LANES);
    a13.intoArray(sums, 7 * LANES);
    a20.intoArray(sums, 8 * LANES);
    a21.intoArray(sums, 9 * LANES);
    a22.intoArray(sums, 10 * LANES);
    a23.intoArray(sums, 11 * LANES);
    a30.intoArray(sums, 12 * LANES);
    a31.intoArray(sums, 13 * LANES);
    a32.intoArray(sums, 14 * LANES);
    a33.intoArray(sums, 15 * LANES);
    a40.intoArray(sums, 16 * LANES);
    a41.intoArray(sums, 17 * LANES);
    a42.intoArray(sums, 18 * LANES);
    a43.intoArray(sums, 19 * LANES);
    a50.intoArray(sums, 20 * LANES);
    a51.intoArray(sums, 21 * LANES);
    a52.intoArray(sums, 22 * LANES);
    a53.intoArray(sums, 23 * LANES);
  }

  static void tile6x2(
      int depth, float[] x, int xAt, int xStride, float[] w, int wAt, float[] sums) {
    FloatVector a00 = FloatVector.zero(S);
    FloatVector a01 = FloatVector.zero(S);
    FloatVector a10 = FloatVector.zero(S);
    FloatVector a11 = FloatVector.zero(S);
    FloatVector a20 = FloatVector.zero(S);
    FloatVector a21 = FloatVector.zero(S);
    FloatVector a30 = FloatVector.zero(S);
    FloatVector a31 = FloatVector.zero(S);
    FloatVector a40 = FloatVector.zero(S);
    FloatVector a41 = FloatVector.zero(S);
    FloatVector a50 = FloatVector.zero(S);
    FloatVector a51 = FloatVector.zero(S);
    int w0 = wAt;
    int w1 = wAt + depth;
    int x1 = xAt + xStride;
    int x2 = xAt + 2 * xStride;
    int x3 = xAt + 3 * xStride;
    int x4 = xAt + 4 * xStride;
    int x5 = xAt + 5 * xStride;
    for (int i = 0; i < depth; i += LANES) {
      FloatVector v0 = FloatVector.fromArray(S, w, w0 + i);
      FloatVector v1 = FloatVector.fromArray(S, w, w1 + i);
      FloatVector r0 = FloatVector.fromArray(S, x, xAt + i);
      a00 = r0.fma(v0, a00);
      a01 = r0.fma(v1, a01);
      FloatVector r1 = FloatVector.fromArray(S, x, x1 + i);
      a10 = r1.fma(v0, a10);
      a11 = r1.fma(v1, a11);
      FloatVector r2 = FloatVector.fromArray(S, x, x2 + i);
      a20 = r2.fma(v0, a20);
      a21 = r2.fma(v1, a21);
      FloatVector r3 = FloatVector.fromArray(S, x, x3 + i);
      a30 = r3.fma(v0, a30);
      a31 = r3.fma(v1, a31);
      FloatVector r4 = FloatVector.fromArray(S, x, x4 + i);
      a40 = r4.fma(v0, a40);
      a41 = r4.fma(v1, a41);
      FloatVector r5 = FloatVector.fromArray(S, x, x5 + i);
      a50 = r5.fma(v0, a50);
      a51 = r5.fma(v1, a51);
    }
    a00.intoArray(sums, 0);
    a01.intoArray(sums, LANES);
    a10.intoArray(sums, 2 * LANES);
    a11.intoArray(sums, 3 * LANES);
    a20.intoArray(sums, 4 * LANES);
    a21.intoArray(sums, 5 * LANES);
    a30.intoArray(sums, 6 * LANES);
    a31.intoArray(sums, 7 * LANES);
    a40.intoArray(sums, 8 * LANES);
    a41.intoArray(sums, 9 * LANES);
    a50.intoArray(sums, 10 * LANES);
    a51.intoArray(sums, 11 * LANES);
  }

  static void tile1x8(int depth, float[] x, int xAt, float[] w, int wAt, float[] sums) {
    FloatVector a00 = FloatVector.zero(S);
    FloatVector a01 = FloatVector.zero(S);
    FloatVector a02 = FloatVector.zero(S);
    FloatVector a03 = FloatVector.zero(S);
    FloatVector a04 = FloatVector.zero(S);
    FloatVector a05 = FloatVector.zero(S);
    FloatVector a06 = FloatVector.zero(S);
    FloatVector a07 = FloatVector.zero(S);
    int w0 = wAt;
    int w1 = wAt + depth;
    int w2 = wAt + 2 * depth;
    int w3 = wAt + 3 * depth;
    int w4 = wAt + 4 * depth;
    int w5 = wAt + 5 * depth;
    int w6 = wAt + 6 * depth;
    int w7 = wAt + 7 * depth;
    for (int i = 0; i < depth; i += LANES) {
      FloatVector r0 = FloatVector.fromArray(S, x, xAt + i);
      a00 = r0.fma(FloatVector.fromArray(S, w, w0 + i), a00);
      a01 = r0.fma(FloatVector.fromArray(S, w, w1 + i), a01);
      a02 = r0.fma(FloatVector.fromArray(S, w, w2 + i), a02);
      a03 = r0.fma(FloatVector.fromArray(S, w, w3 + i), a03);
      a04 = r0.fma(FloatVector.fromArray(S, w, w4 + i), a04);
      a05 = r0.fma(FloatVector.fromArray(S, w, w5 + i), a05);
      a06 = r0.fma(FloatVector.fromArray(S, w, w6 + i), a06);
      a07 = r0.fma(FloatVector.fromArray(S, w, w7 + i), a07);
    }
    a00.intoArray(sums, 0);
    a01.intoArray(sums, LANES);
    a02.intoArray(sums, 2 * LANES);
    a03.intoArray(sums, 3 * LANES);
    a04.intoArray(sums, 4 * LANES);
    a05.intoArray(sums, 5 * LANES);
    a06.intoArray(sums, 6 * LANES);
    a07.intoArray(sums, 7 * LANES);
  }
}
