package dev.dragoman.models.kernel.vector;

import static dev.dragoman.models.kernel.vector.Tiles.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Functions of one number, in vectors, to a few units in the last place of a single. */
final class Curves {
  private static final float LOG2_E = 1.44269504f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;
  private static final float ROUND = 12582912f;
  private static final float HALF_ROOT = 0.70710678f;

  private Curves() {}

  /**
   * e^x for x of at most 0, and 0 instead of anything below the smallest normal number. Range
   * reduction and polynomial of Cephes' <a href="https://netlib.org/cephes/">expf</a>.
   */
  static FloatVector exp(FloatVector x) {
    FloatVector clamped = x.max(-88f);
    FloatVector shifted =
        clamped.fma(FloatVector.broadcast(S, LOG2_E), FloatVector.broadcast(S, ROUND));
    FloatVector n = shifted.sub(ROUND);
    FloatVector r = n.fma(FloatVector.broadcast(S, -LN2_HIGH), clamped);
    r = n.fma(FloatVector.broadcast(S, -LN2_LOW), r);
    FloatVector p = FloatVector.broadcast(S, 1.9875691500e-4f);
    p = p.fma(r, FloatVector.broadcast(S, 1.3981999507e-3f));
    p = p.fma(r, FloatVector.broadcast(S, 8.3334519073e-3f));
    p = p.fma(r, FloatVector.broadcast(S, 4.1665795894e-2f));
    p = p.fma(r, FloatVector.broadcast(S, 1.6666665459e-1f));
    p = p.fma(r, FloatVector.broadcast(S, 5.0000001201e-1f));
    p = p.fma(r.mul(r), r).add(1f);
    // The low bits of the shifted number hold n; added to the exponent they multiply by 2^n.
    FloatVector scaled =
        p.viewAsIntegralLanes()
            .add(shifted.viewAsIntegralLanes().lanewise(VectorOperators.LSHL, 23))
            .reinterpretAsFloats();
    return scaled.blend(0f, x.compare(VectorOperators.LT, -87.33f));
  }

  /**
   * x / 2 * (1 + erf(x / sqrt(2))), erf as the rational function of Eigen's <a
   * href="https://gitlab.com/libeigen/eigen">generic_fast_erf_float</a>.
   */
  static FloatVector gelu(FloatVector x) {
    FloatVector t = x.mul(HALF_ROOT).max(-4f).min(4f);
    FloatVector t2 = t.mul(t);
    FloatVector p = FloatVector.broadcast(S, -2.72614225801306e-10f);
    p = p.fma(t2, FloatVector.broadcast(S, 2.77068142495902e-08f));
    p = p.fma(t2, FloatVector.broadcast(S, -2.10102402082508e-06f));
    p = p.fma(t2, FloatVector.broadcast(S, -5.69250639462346e-05f));
    p = p.fma(t2, FloatVector.broadcast(S, -7.34990630326855e-04f));
    p = p.fma(t2, FloatVector.broadcast(S, -2.95459980854025e-03f));
    p = p.fma(t2, FloatVector.broadcast(S, -1.60960333262415e-02f));
    p = p.mul(t);
    FloatVector q = FloatVector.broadcast(S, -1.45660718464996e-05f);
    q = q.fma(t2, FloatVector.broadcast(S, -2.13374055278905e-04f));
    q = q.fma(t2, FloatVector.broadcast(S, -1.68282697438203e-03f));
    q = q.fma(t2, FloatVector.broadcast(S, -7.37332916720468e-03f));
    q = q.fma(t2, FloatVector.broadcast(S, -1.42647390514189e-02f));
    FloatVector half = x.mul(0.5f);
    return p.div(q).fma(half, half);
  }

  /** Near 0 the polynomial of Cephes' <a href="https://netlib.org/cephes/">tanhf</a>. */
  static FloatVector tanh(FloatVector x) {
    FloatVector size = x.abs();
    FloatVector e = exp(size.mul(-2f));
    FloatVector one = FloatVector.broadcast(S, 1f);
    FloatVector far = one.sub(e).div(e.add(1f));
    far = far.blend(far.neg(), x.compare(VectorOperators.LT, 0));
    FloatVector z = x.mul(x);
    FloatVector p = FloatVector.broadcast(S, -5.70498872745e-3f);
    p = p.fma(z, FloatVector.broadcast(S, 2.06390887954e-2f));
    p = p.fma(z, FloatVector.broadcast(S, -5.37397155531e-2f));
    p = p.fma(z, FloatVector.broadcast(S, 1.33314422036e-1f));
    p = p.fma(z, FloatVector.broadcast(S, -3.33332819422e-1f));
    FloatVector near = p.mul(z).fma(x, x);
    return far.blend(near, size.compare(VectorOperators.LT, 0.625f));
  }
}
