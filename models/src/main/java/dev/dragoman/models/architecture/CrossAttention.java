package dev.dragoman.models.architecture;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.CacheShape;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.kernel.Sight;

/**
 * Attention of each token to all of a {@link Memory}. Q is the width of all queries of a token, K
 * that of all keys, E the width of the encoder's states.
 *
 * @param query [Q, H]
 * @param keyValue [2K, E]
 * @param out [H, Q]
 * @param scale of the scores
 */
record CrossAttention(CacheShape shape, Matrix query, Matrix keyValue, Matrix out, float scale) {
  /** From {@code normed} of the pass to its {@code sum}, for some rows. */
  void run(Pass pass, int layer, int row, int rows) {
    int queries = shape.queries();
    int width = pass.width;
    pass.linear(row, rows, pass.normed, 0, width, query, Activation.NONE, pass.asked, 0, queries);
    pass.seen.asked(layer, row, rows, pass.asked);
    Step step = pass.step();
    int end = row + rows;
    for (int i = 0; i < step.sequences(); ) {
      Memory memory = step.sequence(i).memory();
      int from = Math.max(row, step.start(i));
      int to = from;
      // Sequences that follow one another with the same memory, such as beams, are as one.
      while (i < step.sequences() && step.sequence(i).memory() == memory) {
        to = Math.min(end, step.end(i));
        i++;
      }
      if (from < to) {
        int at = (from - row) * queries;
        pass.kernels.attend(
            shape,
            scale,
            Sight.ALL,
            to - from,
            pass.asked,
            at,
            queries,
            memory.layer(layer),
            memory.length() - 1,
            pass.answered,
            at,
            queries,
            pass.scratch);
      }
    }
    pass.linear(row, rows, pass.answered, 0, queries, out, Activation.NONE, pass.sum, 0, width);
  }
}
