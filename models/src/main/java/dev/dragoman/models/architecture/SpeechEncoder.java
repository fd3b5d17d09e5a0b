package dev.dragoman.models.architecture;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;

/**
 * Two convolutions over time, the second of which halves the number of frames, and an {@link
 * EncoderStack}. A row of a convolution is three frames that lie one after the other, so that it is
 * a linear layer whose rows overlap. M is the number of mel bands, H the width, P the number of
 * positions.
 *
 * @param first [H, 3M]
 * @param second [H, 3H]
 * @param positions [P, H]
 */
record SpeechEncoder(
    Kernels kernels,
    int mels,
    int width,
    Matrix first,
    Matrix second,
    float[] positions,
    EncoderStack stack) {
  /** How many states a sound has. */
  int states() {
    return positions.length / width;
  }

  /** How many frames are heard. */
  int frames() {
    return 2 * states();
  }

  /** Scratch for one thread. */
  Whisper.Hearing session() {
    return new Run(this);
  }

  private static final class Run implements Whisper.Hearing {
    private final SpeechEncoder model;
    private final EncoderStack.Run stack;
    private final float[] features; // [frames + 2, M], the first and last all zeros
    private final float[] raised; // [frames + 2, H], the first and last all zeros
    private final int[] starts;

    Run(SpeechEncoder model) {
      this.model = model;
      this.stack = model.stack.session();
      this.features = new float[(model.frames() + 2) * model.mels];
      this.raised = new float[(model.frames() + 2) * model.width];
      this.starts = new int[] {0, model.states()};
    }

    @Override
    public float[] features() {
      return features;
    }

    @Override
    public float[] run(Encoder.Layers layers) {
      int width = model.width;
      convolve(model.frames(), features, model.mels, model.first, raised, width);
      float[] hidden = stack.room(model.states());
      convolve(model.states(), raised, 2 * width, model.second, hidden, 0);
      model.kernels.add(model.positions.length, model.positions, 0, hidden, 0);
      return stack.run(1, starts, layers);
    }

    private void convolve(int rows, float[] x, int stride, Matrix weights, float[] y, int yAt) {
      for (int row = 0; row < rows; row += Pass.ROWS) {
        model.kernels.linear(
            Math.min(Pass.ROWS, rows - row),
            x,
            row * stride,
            stride,
            weights,
            Activation.GELU,
            y,
            yAt + row * model.width,
            model.width);
      }
    }
  }
}
