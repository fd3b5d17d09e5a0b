package dev.dragoman.models.speech;

/**
 * Triangular filters on Slaney's mel scale, each scaled to the same area, as librosa and
 * transformers make them: even steps below 1,000 Hz, logarithmic ones above.
 */
final class MelFilters {
  private static final double LINEAR_HERTZ = 200.0 / 3;
  private static final double BREAK_HERTZ = 1000;
  private static final double BREAK_MEL = BREAK_HERTZ / LINEAR_HERTZ;
  private static final double LOG_STEP = Math.log(6.4) / 27;

  private final int[] first; // [bands]
  private final float[][] weights; // [bands][]

  /**
   * Filters from 0 Hz to half the sample rate.
   *
   * @param frequencies how many a spectrum has, from 0 to half the sample rate
   */
  MelFilters(int bands, int frequencies, int sampleRate) {
    double highest = sampleRate / 2.0;
    double[] edges = new double[bands + 2];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = hertz(mel(highest) * i / (bands + 1));
    }
    first = new int[bands];
    weights = new float[bands][];
    for (int band = 0; band < bands; band++) {
      double[] triangle = new double[frequencies];
      int from = frequencies;
      int to = 0;
      for (int i = 0; i < frequencies; i++) {
        double hertz = highest * i / (frequencies - 1);
        double up = (hertz - edges[band]) / (edges[band + 1] - edges[band]);
        double down = (edges[band + 2] - hertz) / (edges[band + 2] - edges[band + 1]);
        triangle[i] = Math.max(0, Math.min(up, down)) * 2 / (edges[band + 2] - edges[band]);
        if (triangle[i] > 0) {
          from = Math.min(from, i);
          to = i + 1;
        }
      }
      first[band] = Math.min(from, to);
      weights[band] = new float[to - first[band]];
      for (int i = first[band]; i < to; i++) {
        weights[band][i - first[band]] = (float) triangle[i];
      }
    }
  }

  private static double mel(double hertz) {
    return hertz < BREAK_HERTZ
        ? hertz / LINEAR_HERTZ
        : BREAK_MEL + Math.log(hertz / BREAK_HERTZ) / LOG_STEP;
  }

  private static double hertz(double mel) {
    return mel < BREAK_MEL
        ? mel * LINEAR_HERTZ
        : BREAK_HERTZ * Math.exp((mel - BREAK_MEL) * LOG_STEP);
  }

  int bands() {
    return first.length;
  }

  /** The largest weight of all. */
  double largest() {
    double largest = 0;
    for (float[] band : weights) {
      for (float weight : band) {
        largest = Math.max(largest, weight);
      }
    }
    return largest;
  }

  /** What a band hears of a spectrum. */
  double energy(int band, double[] power) {
    float[] triangle = weights[band];
    int from = first[band];
    double sum = 0;
    for (int i = 0; i < triangle.length; i++) {
      sum += triangle[i] * power[from + i];
    }
    return sum;
  }
}
