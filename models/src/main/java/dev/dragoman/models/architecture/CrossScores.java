package dev.dragoman.models.architecture;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.CacheType;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;
import java.util.List;

/**
 * How much the tokens of a text look at the states of a sound, by some heads of a decoder. For one
 * thread at a time.
 */
public final class CrossScores {
  private static final float[] NO_BIAS = new float[0];

  private final Kernels kernels;
  private final DecoderStack decoder;
  private final Decoder.Session session;
  private float[] keys = new float[0]; // [states, 2K]
  private float[] queries = new float[0]; // [tokens, Q]

  CrossScores(Kernels kernels, DecoderStack decoder) {
    this.kernels = kernels;
    this.decoder = decoder;
    this.session = decoder.session();
  }

  /**
   * A head of a layer, both counted from 0.
   *
   * @param layer of the decoder
   * @param head of its attention to the sound
   */
  public record Head(int layer, int head) {}

  /** Whether the decoder has such a head. */
  public boolean has(Head head) {
    return head.layer >= 0
        && head.layer < decoder.layers()
        && head.head >= 0
        && head.head < cross(head.layer).shape().heads();
  }

  private CrossAttention cross(int layer) {
    return decoder.blocks().get(layer).cross().orElseThrow();
  }

  /**
   * Runs a text through the decoder, and finds the scores of attention before they are normalised.
   *
   * @param memory of the sound
   * @param encoded [states, width], what the memory was made of
   * @param states how many of the first states are of interest
   * @return for each head [tokens, states]
   */
  public float[][] run(List<Head> heads, int[] tokens, Memory memory, float[] encoded, int states) {
    float[][] scores = new float[heads.size()][tokens.length * states];
    Step step = new Step();
    step.add(
        decoder.sequence(tokens.length, CacheType.F32, Adapter.NONE, memory),
        tokens,
        0,
        tokens.length,
        Step.Wanted.ALL);
    session.run(
        step,
        new Encoder.Layers() {
          @Override
          public void layer(int layer, float[] hidden) {}

          @Override
          public void asked(int layer, int row, int rows, float[] asked) {
            int width = cross(layer).shape().queries();
            queries = Pass.room(queries, tokens.length, width);
            System.arraycopy(asked, 0, queries, row * width, rows * width);
            if (row + rows == tokens.length) {
              score(heads, layer, tokens.length, encoded, states, scores);
            }
          }
        });
    return scores;
  }

  /** The scores of the next token after each token of the last run, [tokens, vocabulary]. */
  public float[] logits() {
    return session.logits();
  }

  private void score(
      List<Head> heads, int layer, int tokens, float[] encoded, int states, float[][] scores) {
    boolean projected = false;
    CrossAttention cross = cross(layer);
    Matrix keyValue = cross.keyValue();
    int stride = keyValue.outputs();
    int width = cross.shape().headWidth();
    for (int i = 0; i < scores.length; i++) {
      if (heads.get(i).layer != layer) {
        continue;
      }
      if (!projected) {
        keys = Pass.room(keys, states, stride);
        kernels.linear(
            states, encoded, 0, keyValue.inputs(), keyValue, Activation.NONE, keys, 0, stride);
        projected = true;
      }
      int at = heads.get(i).head * width;
      Matrix ofHead =
          kernels.pack(
              states,
              width,
              (row, into, to) -> {
                for (int j = 0; j < width; j++) {
                  into[to + j] = keys[row * stride + at + j] * cross.scale();
                }
              },
              NO_BIAS);
      kernels.linear(
          tokens,
          queries,
          at,
          cross.shape().queries(),
          ofHead,
          Activation.NONE,
          scores[i],
          0,
          states);
    }
  }
}
