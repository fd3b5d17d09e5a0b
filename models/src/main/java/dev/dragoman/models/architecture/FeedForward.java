package dev.dragoman.models.architecture;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Matrix;

/** The part of a block that looks at one token at a time. */
sealed interface FeedForward {
  /** How many numbers of scratch a row needs. */
  int scratch();

  /**
   * Runs it, from what is in {@code normed} of the pass to its {@code sum}.
   *
   * @param token the first one's index in the pass
   */
  void run(Pass pass, int token, int rows);

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
    public void run(Pass pass, int token, int rows) {
      float[] raised = pass.raised;
      int width = gateUp.inputs();
      int both = gateUp.outputs();
      pass.linear(token, rows, pass.normed, 0, width, gateUp, Activation.NONE, raised, 0, both);
      pass.kernels.gate(activation, rows, both / 2, raised, 0, both);
      pass.linear(token, rows, raised, 0, both, down, Activation.NONE, pass.sum, 0, width);
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
    public void run(Pass pass, int token, int rows) {
      float[] raised = pass.raised;
      int width = up.inputs();
      int inner = up.outputs();
      pass.linear(token, rows, pass.normed, 0, width, up, activation, raised, 0, inner);
      pass.linear(token, rows, raised, 0, inner, down, Activation.NONE, pass.sum, 0, width);
    }
  }
}
