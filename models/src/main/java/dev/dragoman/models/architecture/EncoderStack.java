package dev.dragoman.models.architecture;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.kernel.PositionBias;
import java.util.List;

/**
 * Layers in which all states of a sequence see each other, over states that something else has made
 * of words, sound or a picture. H is the width, Q that of all heads.
 *
 * @param scale of the scores
 * @param bias of the scores
 * @param norm after the last layer
 */
record EncoderStack(
    Kernels kernels,
    int width,
    int heads,
    int headWidth,
    float scale,
    PositionBias bias,
    List<Layer> layers,
    Norm norm) {
  /**
   * A layer.
   *
   * @param queryKeyValue [3Q, H]
   * @param out [H, Q]
   */
  record Layer(
      Residual aroundAttention,
      Matrix queryKeyValue,
      Matrix out,
      Residual aroundFeedForward,
      FeedForward feedForward) {}

  /** Scratch for one thread. */
  Run session() {
    return new Run(this);
  }

  /** What one thread needs. Allocates only when there is more than before. */
  static final class Run {
    private final EncoderStack model;
    private final Pass pass;
    private final int raised;

    private Run(EncoderStack model) {
      this.model = model;
      this.pass = new Pass(model.kernels, model.width, List.of());
      this.raised =
          model.layers.stream().mapToInt(layer -> layer.feedForward.scratch()).max().orElse(0);
    }

    /** Room for the states of so many tokens, [tokens, H], to be filled before {@link #run}. */
    float[] room(int tokens) {
      int queries = model.heads * model.headWidth;
      pass.begin(tokens, queries, queries, raised);
      return pass.hidden;
    }

    /**
     * Runs the layers over what is in {@link #room}, in place.
     *
     * @param sequences how many there are
     * @param starts where each begins, and after the last one where it ends
     * @param seen is shown [tokens, H] for 0 (what came in) up to the number of layers; the last
     *     one after the final normalisation
     * @return the states after the final normalisation, [tokens, H], valid until the next call
     */
    float[] run(int sequences, int[] starts, Encoder.Layers seen) {
      int tokens = starts[sequences];
      makeScratch(sequences, starts);
      seen.layer(0, pass.hidden);
      for (int i = 0; i < model.layers.size(); i++) {
        run(model.layers.get(i), tokens, sequences, starts);
        if (i + 1 == model.layers.size()) {
          model.norm.apply(model.kernels, tokens, model.width, pass.hidden, 0, pass.hidden, 0);
        }
        seen.layer(i + 1, pass.hidden);
      }
      return pass.hidden;
    }

    private void makeScratch(int sequences, int[] starts) {
      int longest = 0;
      for (int i = 0; i < sequences; i++) {
        longest = Math.max(longest, starts[i + 1] - starts[i]);
      }
      pass.scratch =
          Pass.room(pass.scratch, 1, model.kernels.attentionScratch(longest, model.headWidth));
    }

    private void run(Layer layer, int tokens, int sequences, int[] starts) {
      int queries = model.heads * model.headWidth;
      for (int row = 0; row < tokens; row += Pass.ROWS) {
        int rows = Math.min(Pass.ROWS, tokens - row);
        layer.aroundAttention.open(pass, row, rows);
        model.kernels.linear(
            rows,
            pass.normed,
            0,
            model.width,
            layer.queryKeyValue,
            Activation.NONE,
            pass.projected,
            row * 3 * queries,
            3 * queries);
      }
      for (int i = 0; i < sequences; i++) {
        model.kernels.attention(
            model.bias,
            starts[i + 1] - starts[i],
            model.heads,
            model.headWidth,
            model.scale,
            pass.projected,
            starts[i] * 3 * queries,
            3 * queries,
            pass.mixed,
            starts[i] * queries,
            queries,
            pass.scratch);
      }
      for (int row = 0; row < tokens; row += Pass.ROWS) {
        int rows = Math.min(Pass.ROWS, tokens - row);
        model.kernels.linear(
            rows,
            pass.mixed,
            row * queries,
            queries,
            layer.out,
            Activation.NONE,
            pass.sum,
            0,
            model.width);
        layer.aroundAttention.close(pass, row, rows);
        layer.aroundFeedForward.open(pass, row, rows);
        layer.feedForward.run(pass, row, rows);
        layer.aroundFeedForward.close(pass, row, rows);
      }
    }
  }
}
