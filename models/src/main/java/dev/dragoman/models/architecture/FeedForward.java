package dev.dragoman.models.architecture;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;

/** The part of a block that looks at one token at a time. */
sealed interface FeedForward {
  /** How many numbers of scratch a row needs. */
  int scratch();

  /**
   * Runs it.
   *
   * @param x [rows, H]
   * @param raised [rows, scratch()], overwritten
   * @param out [rows, H]
   */
  void run(Kernels kernels, int rows, float[] x, float[] raised, float[] out);

  /** {@code down(activation(gate(x)) * up(x))}. */
  record Gated(
      Activation activation,
      Matrix gateUp, // [2I, H]
      Matrix down // [H, I]
      ) implements FeedForward {
    @Override
    public int scratch() {
      return gateUp.outputs();
    }

    @Override
    public void run(Kernels kernels, int rows, float[] x, float[] raised, float[] out) {
      int width = gateUp.inputs();
      int both = gateUp.outputs();
      kernels.linear(rows, x, 0, width, gateUp, Activation.NONE, raised, 0, both);
      kernels.gate(activation, rows, both / 2, raised, 0, both);
      kernels.linear(rows, raised, 0, both, down, Activation.NONE, out, 0, width);
    }
  }

  /** {@code down(activation(up(x)))}. */
  record Plain(
      Activation activation,
      Matrix up, // [I, H]
      Matrix down // [H, I]
      ) implements FeedForward {
    @Override
    public int scratch() {
      return up.outputs();
    }

    @Override
    public void run(Kernels kernels, int rows, float[] x, float[] raised, float[] out) {
      int width = up.inputs();
      int inner = up.outputs();
      kernels.linear(rows, x, 0, width, up, activation, raised, 0, inner);
      kernels.linear(rows, raised, 0, inner, down, Activation.NONE, out, 0, width);
    }
  }
}
