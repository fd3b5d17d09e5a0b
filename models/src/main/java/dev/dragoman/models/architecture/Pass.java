package dev.dragoman.models.architecture;

import dev.dragoman.models.kernel.Kernels;
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
  private final List<RotaryEmbedding> ropes;
  private final float[][] tables; // [ropes][T, 2, rotary]
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
    hidden = room(hidden, tokens, width);
    projected = room(projected, tokens, queries + 2 * keys);
    mixed = room(mixed, tokens, queries);
    int rows = Math.min(ROWS, tokens);
    normed = room(normed, rows, width);
    sum = room(sum, rows, width);
    raised = room(raised, rows, raisedWidth);
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
