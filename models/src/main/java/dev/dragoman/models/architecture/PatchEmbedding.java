package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.vision.PixelValues;

/**
 * Cuts a picture into patches and gives each a vector: a convolution whose steps are as wide as its
 * windows. H is the width, P the number of positions, L that of tokens before the patches.
 *
 * @param projection [H, 3 * patchHeight * patchWidth]
 * @param leading [L, H]: tokens that stand for the whole picture
 * @param positions [P, H], those of the leading tokens first
 * @param rows of patches that the positions are for
 * @param columns of patches that the positions are for
 */
record PatchEmbedding(
    Matrix projection,
    int patchHeight,
    int patchWidth,
    float[] leading,
    float[] positions,
    int rows,
    int columns,
    Places places) {
  /** Which positions the patches of a picture have. */
  enum Places {
    /** Those they are for; no other picture will do. */
    EXACT,
    /** The first so many, row after row. */
    FIRST,
    /** Those as far down and across as they are, as parts of the whole. */
    FRACTIONAL
  }

  /** Patches whose numbers are held at once. */
  private static final int AT_ONCE = 64;

  /**
   * Reads one.
   *
   * @param name of the convolution
   * @param size of the pictures
   * @param patch size of a patch
   */
  static PatchEmbedding read(
      Checkpoint checkpoint,
      String name,
      int width,
      Edges size,
      Edges patch,
      boolean bias,
      float[] leading,
      float[] positions,
      Places places) {
    Tensor weights =
        checkpoint.weights().tensor(name + ".weight", width, 3, patch.height(), patch.width());
    int inputs = 3 * patch.height() * patch.width();
    Matrix projection =
        checkpoint
            .kernels()
            .pack(
                width,
                inputs,
                (row, into, at) -> weights.read((long) row * inputs, into, at, inputs),
                bias ? checkpoint.floats(name + ".bias", width) : new float[0]);
    return new PatchEmbedding(
        projection,
        patch.height(),
        patch.width(),
        leading,
        positions,
        size.height() / patch.height(),
        size.width() / patch.width(),
        places);
  }

  private int width() {
    return projection.outputs();
  }

  /**
   * How many tokens a picture becomes.
   *
   * @throws ModelException if the model cannot take a picture of this size
   */
  int tokens(PixelValues picture) {
    int down = picture.height() / patchHeight;
    int across = picture.width() / patchWidth;
    long patches = (long) down * across;
    boolean fits =
        switch (places) {
          case EXACT -> down == rows && across == columns;
          case FIRST -> patches <= (long) rows * columns;
          case FRACTIONAL -> true;
        };
    if (!fits || patches < 1 || patches > 1 << 20) {
      throw new ModelException(
          "a picture of %d x %d pixels (height, width) does not fit a model for %d x %d"
              .formatted(
                  picture.height(), picture.width(), rows * patchHeight, columns * patchWidth));
    }
    return (int) patches + leading.length / width();
  }

  /**
   * Writes the tokens of a picture.
   *
   * @param out [tokens, H]
   */
  void embed(Kernels kernels, PixelValues picture, float[] out, int at) {
    int width = width();
    int before = leading.length / width;
    System.arraycopy(leading, 0, out, at, leading.length);
    int down = picture.height() / patchHeight;
    int across = picture.width() / patchWidth;
    int inputs = projection.inputs();
    int patches = down * across;
    float[] cut = new float[Math.min(AT_ONCE, patches) * inputs];
    for (int patch = 0; patch < patches; patch += AT_ONCE) {
      int count = Math.min(AT_ONCE, patches - patch);
      for (int i = 0; i < count; i++) {
        cut(picture, (patch + i) / across, (patch + i) % across, cut, i * inputs);
      }
      kernels.linear(
          count,
          cut,
          0,
          inputs,
          projection,
          Activation.NONE,
          out,
          at + (before + patch) * width,
          width);
    }
    for (int token = 0; token < before + patches; token++) {
      int position =
          token < before || places != Places.FRACTIONAL
              ? token
              : before + fractional(token - before, down, across);
      kernels.add(width, positions, position * width, out, at + token * width);
    }
  }

  private void cut(PixelValues picture, int row, int column, float[] into, int at) {
    int to = at;
    for (int channel = 0; channel < 3; channel++) {
      for (int y = 0; y < patchHeight; y++) {
        int from =
            (channel * picture.height() + row * patchHeight + y) * picture.width()
                + column * patchWidth;
        System.arraycopy(picture.values(), from, into, to, patchWidth);
        to += patchWidth;
      }
    }
  }

  private int fractional(int patch, int down, int across) {
    return bucket(patch / across, down, rows) * columns + bucket(patch % across, across, columns);
  }

  /** Into which of some equal parts of a length a step falls, in singles as in the reference. */
  private static int bucket(int step, int steps, int parts) {
    float place = Math.min(step * (1.0f / steps), (float) (1.0 - 1e-6));
    int bucket = 0;
    while (bucket + 1 < parts && (float) (1.0 / parts + bucket * (1.0 / parts)) <= place) {
      bucket++;
    }
    return bucket;
  }
}
