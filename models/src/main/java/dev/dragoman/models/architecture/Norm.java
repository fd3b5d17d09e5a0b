package dev.dragoman.models.architecture;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;

/** How rows are normalised. */
sealed interface Norm {
  /** Not at all. */
  Norm NONE = new None();

  /**
   * Normalises each row.
   *
   * @param x [rows, width]
   * @param out [rows, width], x itself or not overlapping it
   */
  void apply(Kernels kernels, int rows, int width, float[] x, int xAt, float[] out, int outAt);

  /** Leaves rows as they are. */
  record None() implements Norm {
    @Override
    public void apply(
        Kernels kernels, int rows, int width, float[] x, int xAt, float[] out, int outAt) {
      if (x != out || xAt != outAt) {
        System.arraycopy(x, xAt, out, outAt, rows * width);
      }
    }
  }

  /** By the root of the mean square (<a href="https://arxiv.org/abs/1910.07467">paper</a>). */
  record Rms(
      float[] gain, // [width]
      float epsilon)
      implements Norm {
    @Override
    public void apply(
        Kernels kernels, int rows, int width, float[] x, int xAt, float[] out, int outAt) {
      kernels.rmsNormalize(rows, width, x, xAt, width, gain, epsilon, out, outAt, width);
    }
  }

  /** By mean and variance (<a href="https://arxiv.org/abs/1607.06450">paper</a>). */
  record Layer(
      float[] gain, // [width]
      float[] bias, // [width]
      float epsilon)
      implements Norm {
    @Override
    public void apply(
        Kernels kernels, int rows, int width, float[] x, int xAt, float[] out, int outAt) {
      kernels.normalize(rows, width, x, xAt, width, gain, bias, epsilon, out, outAt, width);
    }
  }

  /** A layer of its own before the norm, as heads of BERT have it; never in place. */
  record Transformed(
      Matrix dense, // [width, width]
      Activation activation,
      Norm norm)
      implements Norm {
    @Override
    public void apply(
        Kernels kernels, int rows, int width, float[] x, int xAt, float[] out, int outAt) {
      kernels.linear(rows, x, xAt, width, dense, activation, out, outAt, width);
      norm.apply(kernels, rows, width, out, outAt, out, outAt);
    }
  }
}
