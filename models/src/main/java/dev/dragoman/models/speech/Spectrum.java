package dev.dragoman.models.speech;

import java.util.Arrays;

/**
 * The power of each frequency in a frame of real numbers, by a Fourier transform of half the length
 * whose real parts are the numbers with even index and whose imaginary parts are the others. The
 * transform takes factors of 5, 4 and 2 one after the other (Stockham's order, which needs no bit
 * reversal). For one thread at a time.
 */
final class Spectrum {
  private final int half;
  private final int[] factors;
  private final double[][] turns; // per factor, [half / factor done so far] pairs of cosine, sine
  private final double[] unpack; // [half + 1] pairs of cosine, sine
  private double[] re;
  private double[] im;
  private double[] otherRe;
  private double[] otherIm;

  /**
   * For frames of this length.
   *
   * @param length twice a product of 2, 4 and 5
   */
  Spectrum(int length) {
    half = length / 2;
    re = new double[half];
    im = new double[half];
    otherRe = new double[half];
    otherIm = new double[half];
    unpack = circle(half + 1, length);
    int[] found = new int[32];
    int count = 0;
    for (int left = half; left > 1; left /= found[count++]) {
      found[count] = left % 5 == 0 ? 5 : left % 4 == 0 ? 4 : 2;
      if (left % found[count] != 0) {
        throw new IllegalArgumentException("length " + length);
      }
    }
    factors = Arrays.copyOf(found, count);
    turns = new double[count][];
    for (int i = 0, left = half; i < count; left /= factors[i++]) {
      turns[i] = circle(left, left);
    }
  }

  /** Points of the unit circle, clockwise: cosine, sine. */
  private static double[] circle(int points, int all) {
    double[] circle = new double[2 * points];
    for (int i = 0; i < points; i++) {
      double angle = -2 * Math.PI * i / all;
      circle[2 * i] = Math.cos(angle);
      circle[2 * i + 1] = Math.sin(angle);
    }
    return circle;
  }

  /**
   * Finds the powers.
   *
   * @param frame [length]
   * @param power [length / 2 + 1], the squared magnitudes from frequency 0 on
   */
  void power(double[] frame, double[] power) {
    for (int i = 0; i < half; i++) {
      re[i] = frame[2 * i];
      im[i] = frame[2 * i + 1];
    }
    int stride = 1;
    int left = half;
    for (int i = 0; i < factors.length; i++) {
      int parts = left / factors[i];
      switch (factors[i]) {
        case 5 -> fives(parts, stride, turns[i]);
        case 4 -> fours(parts, stride, turns[i]);
        default -> twos(parts, stride, turns[i]);
      }
      double[] swap = re;
      re = otherRe;
      otherRe = swap;
      swap = im;
      im = otherIm;
      otherIm = swap;
      stride *= factors[i];
      left = parts;
    }
    for (int k = 0; k <= half; k++) {
      int a = k == half ? 0 : k;
      int b = k == 0 ? 0 : half - k;
      double evenRe = (re[a] + re[b]) / 2;
      double evenIm = (im[a] - im[b]) / 2;
      double oddRe = (im[a] + im[b]) / 2;
      double oddIm = (re[b] - re[a]) / 2;
      double cos = unpack[2 * k];
      double sin = unpack[2 * k + 1];
      double x = evenRe + oddRe * cos - oddIm * sin;
      double y = evenIm + oddRe * sin + oddIm * cos;
      power[k] = x * x + y * y;
    }
  }

  private void twos(int parts, int stride, double[] turn) {
    for (int p = 0; p < parts; p++) {
      double cos = turn[2 * p];
      double sin = turn[2 * p + 1];
      for (int q = 0; q < stride; q++) {
        int a = q + stride * p;
        int b = a + stride * parts;
        int to = q + stride * 2 * p;
        double x = re[a] - re[b];
        double y = im[a] - im[b];
        otherRe[to] = re[a] + re[b];
        otherIm[to] = im[a] + im[b];
        otherRe[to + stride] = x * cos - y * sin;
        otherIm[to + stride] = x * sin + y * cos;
      }
    }
  }

  private void fours(int parts, int stride, double[] turn) {
    for (int p = 0; p < parts; p++) {
      for (int q = 0; q < stride; q++) {
        int at = q + stride * p;
        int step = stride * parts;
        double sumRe = re[at] + re[at + 2 * step];
        double sumIm = im[at] + im[at + 2 * step];
        double differenceRe = re[at] - re[at + 2 * step];
        double differenceIm = im[at] - im[at + 2 * step];
        double otherSumRe = re[at + step] + re[at + 3 * step];
        double otherSumIm = im[at + step] + im[at + 3 * step];
        double turnedRe = im[at + step] - im[at + 3 * step];
        double turnedIm = re[at + 3 * step] - re[at + step];
        int to = q + stride * 4 * p;
        otherRe[to] = sumRe + otherSumRe;
        otherIm[to] = sumIm + otherSumIm;
        put(to + stride, differenceRe + turnedRe, differenceIm + turnedIm, turn, p);
        put(to + 2 * stride, sumRe - otherSumRe, sumIm - otherSumIm, turn, 2 * p);
        put(to + 3 * stride, differenceRe - turnedRe, differenceIm - turnedIm, turn, 3 * p);
      }
    }
  }

  private static final double COS_1 = Math.cos(2 * Math.PI / 5);
  private static final double COS_2 = Math.cos(4 * Math.PI / 5);
  private static final double SIN_1 = Math.sin(2 * Math.PI / 5);
  private static final double SIN_2 = Math.sin(4 * Math.PI / 5);

  private void fives(int parts, int stride, double[] turn) {
    int step = stride * parts;
    for (int p = 0; p < parts; p++) {
      for (int q = 0; q < stride; q++) {
        int at = q + stride * p;
        double zeroRe = re[at];
        double zeroIm = im[at];
        double nearRe = re[at + step] + re[at + 4 * step];
        double nearIm = im[at + step] + im[at + 4 * step];
        double nearDownRe = re[at + step] - re[at + 4 * step];
        double nearDownIm = im[at + step] - im[at + 4 * step];
        double farRe = re[at + 2 * step] + re[at + 3 * step];
        double farIm = im[at + 2 * step] + im[at + 3 * step];
        double farDownRe = re[at + 2 * step] - re[at + 3 * step];
        double farDownIm = im[at + 2 * step] - im[at + 3 * step];
        double aRe = zeroRe + COS_1 * nearRe + COS_2 * farRe;
        double aIm = zeroIm + COS_1 * nearIm + COS_2 * farIm;
        double bRe = zeroRe + COS_2 * nearRe + COS_1 * farRe;
        double bIm = zeroIm + COS_2 * nearIm + COS_1 * farIm;
        double cRe = SIN_1 * nearDownIm + SIN_2 * farDownIm;
        double cIm = -SIN_1 * nearDownRe - SIN_2 * farDownRe;
        double dRe = SIN_2 * nearDownIm - SIN_1 * farDownIm;
        double dIm = -SIN_2 * nearDownRe + SIN_1 * farDownRe;
        int to = q + stride * 5 * p;
        otherRe[to] = zeroRe + nearRe + farRe;
        otherIm[to] = zeroIm + nearIm + farIm;
        put(to + stride, aRe + cRe, aIm + cIm, turn, p);
        put(to + 2 * stride, bRe + dRe, bIm + dIm, turn, 2 * p);
        put(to + 3 * stride, bRe - dRe, bIm - dIm, turn, 3 * p);
        put(to + 4 * stride, aRe - cRe, aIm - cIm, turn, 4 * p);
      }
    }
  }

  private void put(int to, double x, double y, double[] turn, int point) {
    double cos = turn[2 * point];
    double sin = turn[2 * point + 1];
    otherRe[to] = x * cos - y * sin;
    otherIm[to] = x * sin + y * cos;
  }
}
