package dev.dragoman.models.kernel;

/**
 * The arithmetic of the engine. All matrices are row-major {@code float[]} with an offset and a
 * stride (the distance between the starts of two rows), so that a kernel works in place on a slice
 * of a larger buffer. No kernel allocates, keeps state, or reads or writes outside the rows and
 * columns it was given, and what it computes for a row does not depend on the other rows: the
 * result for a text is the same, bit by bit, in whatever batch it comes.
 *
 * <p>{@link ScalarKernels} says in plain loops what each of them means.
 */
public interface Kernels {
  /** A short name for logs and reports. */
  String name();

  /**
   * Packs the weights of a linear layer once, for use by any number of threads.
   *
   * @param outputs rows of the weights
   * @param inputs columns of the weights
   * @param weights [outputs, inputs]
   * @param bias [outputs]
   */
  PackedMatrix pack(int outputs, int inputs, float[] weights, float[] bias);

  /**
   * {@code y = activation(x * W^T + b)}.
   *
   * @param rows how many rows x and y have
   * @param x [rows, inputs]
   * @param y [rows, outputs], not overlapping x
   */
  void linear(
      int rows,
      float[] x,
      int xAt,
      int xStride,
      PackedMatrix weights,
      Activation activation,
      float[] y,
      int yAt,
      int yStride);

  /** How many floats of scratch {@link #attention} wants. */
  int attentionScratch(int tokens, int headWidth);

  /**
   * Attention of every token of one sequence to every other: for each head {@code softmax(q * k^T *
   * scale) * v}.
   *
   * @param qkv [tokens, 3 * heads * headWidth]: the queries of all heads, then the keys, then the
   *     values
   * @param out [tokens, heads * headWidth], not overlapping qkv
   * @param scratch at least {@link #attentionScratch} floats, overwritten
   */
  void attention(
      int tokens,
      int heads,
      int headWidth,
      float scale,
      float[] qkv,
      int qkvAt,
      int qkvStride,
      float[] out,
      int outAt,
      int outStride,
      float[] scratch);

  /**
   * {@code x = normalise(x + residual) * gain + bias}, each row by its own mean and variance.
   *
   * @param x [rows, width] with stride width
   * @param residual [rows, width] with stride width
   * @param gain [width]
   * @param bias [width]
   * @param epsilon added to the variance
   */
  void addAndNormalize(
      int rows,
      int width,
      float[] x,
      int xAt,
      float[] residual,
      int residualAt,
      float[] gain,
      float[] bias,
      float epsilon);

  /** {@code out += x}, for {@code count} numbers. */
  void add(int count, float[] x, int xAt, float[] out, int outAt);

  /** {@code out = max(out, x)}, for {@code count} numbers. */
  void max(int count, float[] x, int xAt, float[] out, int outAt);

  /** Scales a vector to unit length; one that is all zeros stays as it is. */
  void unitLength(float[] x);
}
