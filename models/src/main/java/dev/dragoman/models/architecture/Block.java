package dev.dragoman.models.architecture;

import dev.dragoman.models.kernel.Activation;
import java.util.Optional;

/**
 * A layer of a decoder: attention to the text so far, attention to another text (or sound, or
 * picture) where there is one, and a part that looks at one token at a time.
 */
record Block(
    Residual aroundAttention,
    CausalAttention attention,
    Residual aroundCross,
    Optional<CrossAttention> cross,
    Residual aroundFeedForward,
    FeedForward feedForward) {
  private static final Residual NOTHING = Residual.pre(Norm.NONE);

  /** A layer that looks at its own text only. */
  Block(
      Residual aroundAttention,
      CausalAttention attention,
      Residual aroundFeedForward,
      FeedForward feedForward) {
    this(aroundAttention, attention, NOTHING, Optional.empty(), aroundFeedForward, feedForward);
  }

  void run(Pass pass, int layer) {
    int tokens = pass.step().tokens();
    for (int row = 0; row < tokens; row += Pass.ROWS) {
      int rows = Math.min(Pass.ROWS, tokens - row);
      aroundAttention.open(pass, row, rows);
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
      aroundAttention.close(pass, row, rows);
      if (cross.isPresent()) {
        aroundCross.open(pass, row, rows);
        cross.get().run(pass, layer, row, rows);
        aroundCross.close(pass, row, rows);
      }
      aroundFeedForward.open(pass, row, rows);
      feedForward.run(pass, row, rows);
      aroundFeedForward.close(pass, row, rows);
    }
  }
}
