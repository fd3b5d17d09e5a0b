package dev.dragoman.models.architecture;

/**
 * Positions by sines and cosines of ever longer waves (<a
 * href="https://arxiv.org/abs/1706.03762">paper</a>), in the orders that different models have
 * them.
 */
final class Sines {
  private static final double BASE = 10_000;

  private Sines() {}

  /**
   * The sines, then the cosines; the wave of column {@code i} of either is {@code 10000^(2i /
   * width)}.
   *
   * @return [positions, width]
   */
  static float[] interleaved(int positions, int width) {
    float[] table = new float[Math.multiplyExact(positions, width)];
    int sines = (width + 1) / 2;
    for (int position = 0; position < positions; position++) {
      for (int i = 0; i < width; i++) {
        int column = i < sines ? i : i - sines;
        double angle = position / Math.pow(BASE, 2.0 * column / width);
        table[position * width + i] = (float) (i < sines ? Math.sin(angle) : Math.cos(angle));
      }
    }
    return table;
  }

  /**
   * The sines, then the cosines, then a zero if the width is odd; the waves reach {@code 10000} at
   * the last column of either. In single precision, as fairseq and tensor2tensor compute them.
   *
   * @param first the position of the first row
   * @return [positions, width]
   */
  static float[] halves(int first, int positions, int width) {
    float[] table = new float[Math.multiplyExact(positions, width)];
    int half = width / 2;
    double step = Math.log(BASE) / (half - 1);
    for (int i = 0; i < half; i++) {
      float frequency = (float) Math.exp((float) (i * -step));
      for (int position = 0; position < positions; position++) {
        float angle = (first + position) * frequency;
        table[position * width + i] = (float) Math.sin(angle);
        table[position * width + half + i] = (float) Math.cos(angle);
      }
    }
    return table;
  }
}
