package dev.dragoman.models.architecture;

import dev.dragoman.models.kernel.Activation;

/**
 * A layer of a decoder: {@code h += after(attention(before(h)))}, then {@code h +=
 * after(feedForward(before(h)))}.
 */
record Block(
    Norm attentionNorm,
    CausalAttention attention,
    Norm attentionAfter,
    Norm feedForwardNorm,
    FeedForward feedForward,
    Norm feedForwardAfter) {
  void run(Pass pass, int layer) {
    int tokens = pass.step().tokens();
    for (int row = 0; row < tokens; row += Pass.ROWS) {
      int rows = Math.min(Pass.ROWS, tokens - row);
      normalize(pass, attentionNorm, rows, row);
      attention.project(pass, rows, pass.normed, row);
    }
    attention.mix(pass, layer);
    for (int row = 0; row < tokens; row += Pass.ROWS) {
      int rows = Math.min(Pass.ROWS, tokens - row);
      int queries = attention.shape().queries();
      pass.linear(
          row,
          rows,
          pass.mixed,
          row * queries,
          queries,
          attention.out(),
          Activation.NONE,
          pass.sum,
          0,
          pass.width);
      add(pass, attentionAfter, rows, row);
      normalize(pass, feedForwardNorm, rows, row);
      feedForward.run(pass, row, rows);
      add(pass, feedForwardAfter, rows, row);
    }
  }

  private static void normalize(Pass pass, Norm norm, int rows, int row) {
    norm.apply(pass.kernels, rows, pass.width, pass.hidden, row * pass.width, pass.normed, 0);
  }

  private static void add(Pass pass, Norm after, int rows, int row) {
    after.apply(pass.kernels, rows, pass.width, pass.sum, 0, pass.sum, 0);
    pass.kernels.add(rows * pass.width, pass.sum, 0, pass.hidden, row * pass.width);
  }
}
