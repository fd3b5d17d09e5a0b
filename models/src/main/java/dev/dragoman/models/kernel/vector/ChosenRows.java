package dev.dragoman.models.kernel.vector;

import static dev.dragoman.models.kernel.vector.Tiles.LANES;
import static dev.dragoman.models.kernel.vector.Tiles.S;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Products of one row with rows chosen out of a table, four of them at a time. */
final class ChosenRows {
  /** Vectors of 4 lanes are not worth it: there are no vectors of 4 bytes. */
  private static final boolean WIDE_ENOUGH = LANES >= 8;

  private static final int TOGETHER = 4;
  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, LANES * Byte.SIZE)));

  private ChosenRows() {}

  static void dots(
      int count,
      int[] rows,
      int width,
      byte[] table,
      float factor,
      float[] bias,
      float[] x,
      int xAt,
      float[] y,
      int yAt) {
    int whole = WIDE_ENOUGH ? S.loopBound(width) : 0;
    int last = count - 1;
    for (int i = 0; i < count; i += TOGETHER) {
      int a = rows[i] * width;
      int b = rows[Math.min(i + 1, last)] * width;
      int c = rows[Math.min(i + 2, last)] * width;
      int d = rows[Math.min(i + 3, last)] * width;
      FloatVector sumA = FloatVector.zero(S);
      FloatVector sumB = FloatVector.zero(S);
      FloatVector sumC = FloatVector.zero(S);
      FloatVector sumD = FloatVector.zero(S);
      for (int j = 0; j < whole; j += LANES) {
        FloatVector part = FloatVector.fromArray(S, x, xAt + j);
        sumA = singles(table, a + j).fma(part, sumA);
        sumB = singles(table, b + j).fma(part, sumB);
        sumC = singles(table, c + j).fma(part, sumC);
        sumD = singles(table, d + j).fma(part, sumD);
      }
      float restA = RowMath.sum(sumA);
      float restB = RowMath.sum(sumB);
      float restC = RowMath.sum(sumC);
      float restD = RowMath.sum(sumD);
      for (int j = whole; j < width; j++) {
        float number = x[xAt + j];
        restA += table[a + j] * number;
        restB += table[b + j] * number;
        restC += table[c + j] * number;
        restD += table[d + j] * number;
      }
      y[yAt + i] = factor * restA + bias[rows[i]];
      if (i < last) {
        y[yAt + i + 1] = factor * restB + bias[rows[i + 1]];
      }
      if (i + 1 < last) {
        y[yAt + i + 2] = factor * restC + bias[rows[i + 2]];
      }
      if (i + 2 < last) {
        y[yAt + i + 3] = factor * restD + bias[rows[i + 3]];
      }
    }
  }

  private static FloatVector singles(byte[] table, int at) {
    return (FloatVector) ByteVector.fromArray(B, table, at).convertShape(VectorOperators.B2F, S, 0);
  }

  static void dots(
      int count,
      int[] rows,
      int width,
      float[] table,
      float[] bias,
      float[] x,
      int xAt,
      float[] y,
      int yAt) {
    int whole = S.loopBound(width);
    for (int i = 0; i < count; i++) {
      int row = rows[i] * width;
      FloatVector even = FloatVector.zero(S);
      FloatVector odd = FloatVector.zero(S);
      int j = 0;
      for (; j <= whole - 2 * LANES; j += 2 * LANES) {
        even =
            FloatVector.fromArray(S, table, row + j)
                .fma(FloatVector.fromArray(S, x, xAt + j), even);
        odd =
            FloatVector.fromArray(S, table, row + j + LANES)
                .fma(FloatVector.fromArray(S, x, xAt + j + LANES), odd);
      }
      if (j < whole) {
        even =
            FloatVector.fromArray(S, table, row + j)
                .fma(FloatVector.fromArray(S, x, xAt + j), even);
      }
      float sum = RowMath.sum(even.add(odd));
      for (j = whole; j < width; j++) {
        sum += table[row + j] * x[xAt + j];
      }
      y[yAt + i] = sum + bias[rows[i]];
    }
  }
}
