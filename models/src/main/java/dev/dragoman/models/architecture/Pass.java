package dev.dragoman.models.architecture;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;
import java.util.List;

/**
 * The buffers of one thread's way through a decoder. T is the number of tokens, H the width of the
 * hidden states, Q that of all queries of a token and K that of all keys.
 */
final class Pass {
  /** Rows that go through a feed-forward part at once: what they become stays in the cache. */
  static final int ROWS = 96;

  final Kernels kernels;
  final int width;
  float[] hidden = new float[0]; // [T, H]
  float[] projected = new float[0]; // [T, Q + 2K]
  float[] mixed = new float[0]; // [T, Q]
  float[] scratch = new float[0];
  float[] normed = new float[0]; // [ROWS, H]
  float[] sum = new float[0]; // [ROWS, H]
  float[] raised = new float[0]; // [ROWS, what the feed-forward part needs]
  float[] asked = new float[0]; // [ROWS, Q of the cross-attention]
  float[] answered = new float[0]; // [ROWS, Q of the cross-attention]
  Encoder.Layers seen = Encoder.Layers.UNSEEN;
  private final List<RotaryEmbedding> ropes;
  private final float[][] tables; // [ropes][T, 2, rotary]
  private float[] lowered = new float[0]; // [ROWS, ranks of an adapter]
  private float[] correction = new float[0]; // [ROWS, outputs of a layer]
  private boolean adapted;
  private Step step = new Step();

  Pass(Kernels kernels, int width, List<RotaryEmbedding> ropes) {
    this.kernels = kernels;
    this.width = width;
    this.ropes = ropes;
    this.tables = new float[ropes.size()][0];
  }

  /** Makes room for the tokens, and works out how they are turned at their positions. */
  void begin(Step next, int queries, int keys, int raisedWidth) {
    step = next;
    int tokens = next.tokens();
    begin(tokens, queries, keys, raisedWidth);
    int rows = Math.min(ROWS, tokens);
    for (int i = 0; i < next.sequences(); i++) {
      Adapter adapter = next.sequence(i).adapter();
      if (adapter != Adapter.NONE) {
        adapted = true;
        lowered = room(lowered, rows, adapter.rank());
        correction = room(correction, rows, adapter.widest());
      }
    }
    for (int rope = 0; rope < tables.length; rope++) {
      RotaryEmbedding rotary = ropes.get(rope);
      tables[rope] = room(tables[rope], tokens, 2 * rotary.width());
      for (int i = 0; i < next.sequences(); i++) {
        Sequence sequence = next.sequence(i);
        for (int token = next.start(i); token < next.end(i); token++) {
          rotary.fill(
              sequence.frequencies(rope),
              sequence.length() + token - next.start(i),
              tables[rope],
              token * 2 * rotary.width());
        }
      }
    }
  }

  /** Makes room for the queries of a cross-attention of this width. */
  void makeRoomForCross(int queries) {
    int rows = Math.min(ROWS, step.tokens());
    asked = room(asked, rows, queries);
    answered = room(answered, rows, queries);
  }

  /** Makes room for tokens that all see each other. */
  void begin(int tokens, int queries, int keys, int raisedWidth) {
    hidden = room(hidden, tokens, width);
    projected = room(projected, tokens, queries + 2 * keys);
    mixed = room(mixed, tokens, queries);
    int rows = Math.min(ROWS, tokens);
    normed = room(normed, rows, width);
    sum = room(sum, rows, width);
    raised = room(raised, rows, raisedWidth);
    adapted = false;
  }

  /**
   * {@code y = activation(x * W^T + b + what the sequence's adapter adds)}, for some tokens.
   *
   * @param token the first one's index in the pass
   */
  void linear(
      int token,
      int rows,
      float[] x,
      int xAt,
      int xStride,
      Matrix weights,
      Activation activation,
      float[] y,
      int yAt,
      int yStride) {
    if (!adapted) {
      kernels.linear(rows, x, xAt, xStride, weights, activation, y, yAt, yStride);
      return;
    }
    kernels.linear(rows, x, xAt, xStride, weights, Activation.NONE, y, yAt, yStride);
    adapt(token, rows, x, xAt, xStride, weights, y, yAt, yStride);
    for (int row = 0; row < rows && activation != Activation.NONE; row++) {
      kernels.activate(activation, weights.outputs(), y, yAt + row * yStride);
    }
  }

  /** Adds what the adapters add, those that follow one another with the same one together. */
  private void adapt(
      int token,
      int rows,
      float[] x,
      int xAt,
      int xStride,
      Matrix weights,
      float[] y,
      int yAt,
      int yStride) {
    int end = token + rows;
    for (int i = 0; i < step.sequences(); ) {
      Adapter adapter = step.sequence(i).adapter();
      int from = Math.max(token, step.start(i));
      int to = from;
      while (i < step.sequences() && step.sequence(i).adapter() == adapter) {
        to = Math.min(end, step.end(i));
        i++;
      }
      LowRank part = adapter.of(weights);
      if (part != null && from < to) {
        part.add(
            kernels,
            to - from,
            x,
            xAt + (from - token) * xStride,
            xStride,
            y,
            yAt + (from - token) * yStride,
            yStride,
            lowered,
            correction);
      }
    }
  }

  static float[] room(float[] buffer, int rows, int width) {
    int wanted = Math.multiplyExact(rows, width);
    return buffer.length < wanted ? new float[wanted] : buffer;
  }

  Step step() {
    return step;
  }

  RotaryEmbedding rope(int index) {
    return ropes.get(index);
  }

  float[] table(int rope) {
    return tables[rope];
  }
}
