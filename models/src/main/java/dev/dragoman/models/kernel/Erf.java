package dev.dragoman.models.kernel;

/** The error function in double precision. */
final class Erf {
  private Erf() {}

  /**
   * erf(x) to about 1e-15: the Maclaurin series near zero, the continued fraction of erfc farther
   * out (Abramowitz and Stegun 7.1.6 and 7.1.14).
   */
  static double of(double x) {
    double size = Math.abs(x);
    if (size < 2.5) {
      double term = x;
      double sum = x;
      for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
        term *= 2 * x * x / (2 * n + 1);
        sum += term;
      }
      return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
    if (size > 6) {
      return Math.signum(x);
    }
    double fraction = size;
    for (int n = 60; n > 0; n--) {
      fraction = size + n / 2.0 / fraction;
    }
    return Math.signum(x) * (1 - Math.exp(-size * size) / (Math.sqrt(Math.PI) * fraction));
  }
}
