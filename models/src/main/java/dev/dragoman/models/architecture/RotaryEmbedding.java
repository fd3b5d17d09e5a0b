package dev.dragoman.models.architecture;

/**
 * Rotary position embedding (<a href="https://arxiv.org/abs/2104.09864">paper</a>): pairs of
 * numbers of each query and key are turned by angles that grow with the position.
 *
 * @param base of the wavelengths, {@code rope_theta}
 * @param width how many numbers of each head are turned, from its start
 * @param neighbours whether pairs are neighbours, as in GGUF files of the llama architecture, or
 *     half the width apart, as in transformers
 * @param scaling how frequencies are changed for longer texts
 */
record RotaryEmbedding(double base, int width, boolean neighbours, RopeScaling scaling) {
  /** The angles, for each pair, between a position and the next: [width / 2]. */
  float[] frequencies(int tokens) {
    return scaling.frequencies(base, width, tokens);
  }

  /**
   * Works out the factors for a position, as {@link dev.dragoman.models.kernel.Kernels#rotate}
   * wants them.
   *
   * @param table [2, width], written
   */
  void fill(float[] frequencies, int position, float[] table, int at) {
    float factor = (float) scaling.attentionFactor();
    for (int i = 0; i < frequencies.length; i++) {
      // Rounded to a single like the reference's, of which the cosine is taken.
      double angle = (float) position * frequencies[i];
      float cosine = (float) Math.cos(angle) * factor;
      float sine = (float) Math.sin(angle) * factor;
      int low = neighbours ? 2 * i : i;
      int high = neighbours ? 2 * i + 1 : i + frequencies.length;
      table[at + low] = cosine;
      table[at + high] = cosine;
      table[at + width + low] = -sine;
      table[at + width + high] = sine;
    }
  }
}
