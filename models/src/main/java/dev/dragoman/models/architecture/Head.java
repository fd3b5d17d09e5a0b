package dev.dragoman.models.architecture;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;
import java.util.Arrays;
import java.util.Optional;

/**
 * What stands on an encoder: makes scores out of the last hidden state. Safe for use by many
 * threads.
 *
 * <p>In the comments on shapes T is the number of tokens of one sequence, H the encoder's width and
 * L the number of labels (for a masked language model, of the vocabulary).
 */
public final class Head {
  /** Which vectors it looks at. */
  enum Over {
    /** Each token's. */
    TOKENS,
    /** The first token's. */
    FIRST,
    /** The last token's. */
    LAST,
    /** The mean of all tokens' vectors. */
    MEAN
  }

  /** A layer before the last one, with what normalises its outputs, if anything does. */
  record Transform(
      Matrix dense, // [H, H]
      Activation activation,
      Optional<LayerNorm> norm, // [H]
      float epsilon) {}

  private final Kernels kernels;
  private final EncoderTask task;
  private final Over over;
  private final Optional<Transform> transform;
  private final Matrix out; // [L, H]

  Head(Kernels kernels, EncoderTask task, Over over, Optional<Transform> transform, Matrix out) {
    this.kernels = kernels;
    this.task = task;
    this.over = over;
    this.transform = transform;
    this.out = out;
  }

  /** What it was trained for. */
  public EncoderTask task() {
    return task;
  }

  /** How many scores there are for a token, or for a sequence. */
  public int outputs() {
    return out.outputs();
  }

  /**
   * The scores, before any softmax.
   *
   * @param hidden [tokens, H], the last hidden state of a batch
   * @param from the sequence's first token
   * @param to the one after its last
   * @return [T, L], or [1, L] if it scores sequences
   */
  public float[][] logits(float[] hidden, int from, int to) {
    int width = out.inputs();
    int rows = over == Over.TOKENS ? to - from : 1;
    float[] x =
        switch (over) {
          case TOKENS -> Arrays.copyOfRange(hidden, from * width, to * width);
          case FIRST -> Arrays.copyOfRange(hidden, from * width, (from + 1) * width);
          case LAST -> Arrays.copyOfRange(hidden, (to - 1) * width, to * width);
          case MEAN -> mean(hidden, from, to);
        };
    if (transform.isPresent()) {
      x = transformed(transform.get(), rows, x);
    }
    float[] scores = new float[Math.multiplyExact(rows, outputs())];
    kernels.linear(rows, x, 0, width, out, Activation.NONE, scores, 0, outputs());
    float[][] logits = new float[rows][];
    for (int row = 0; row < rows; row++) {
      logits[row] = Arrays.copyOfRange(scores, row * outputs(), (row + 1) * outputs());
    }
    return logits;
  }

  private float[] mean(float[] hidden, int from, int to) {
    int width = out.inputs();
    float[] mean = new float[width];
    for (int row = from; row < to; row++) {
      kernels.add(width, hidden, row * width, mean, 0);
    }
    for (int i = 0; i < width; i++) {
      mean[i] /= to - from;
    }
    return mean;
  }

  private float[] transformed(Transform layer, int rows, float[] x) {
    int width = out.inputs();
    float[] y = new float[rows * width];
    kernels.linear(rows, x, 0, width, layer.dense, layer.activation, y, 0, width);
    layer.norm.ifPresent(norm ->
        kernels.addAndNormalize(
            rows,
            width,
            y,
            0,
            new float[rows * width],
            0,
            norm.gain(),
            norm.bias(),
            layer.epsilon));
    return y;
  }
}
