package dev.dragoman.models.architecture;

import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.kernel.PositionBias;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The forward pass that BERT and its kin have in common: embeddings, then blocks of attention and
 * of a feed-forward layer, each added to what came in and normalised after that. What sets the
 * models apart (names, positions, how tokens attend) comes in from their own files.
 *
 * <p>In the comments on shapes T is the number of tokens of the batch, H the width, I the inner
 * width, V the vocabulary and P the number of positions.
 */
final class PostNorm implements Encoder {
  /** Rows that go through a whole block at once: their activations stay in the second cache. */
  private static final int ROWS = 96;

  /** The sizes. */
  record Sizes(
      int vocabulary,
      int width,
      int layers,
      int heads,
      int inner,
      int maxTokens,
      float epsilon,
      Activation activation) {
    int headWidth() {
      return width / heads;
    }
  }

  /**
   * What goes in.
   *
   * @param words [V, H], mapped
   * @param positions [P, H]; empty if positions are not added here
   * @param types [types, H]; empty if there are none
   * @param padding empty if positions count from 0; otherwise they count from the token after this
   *     id, and tokens with this id do not count and have their own position
   */
  record Embeddings(
      Tensor words, float[] positions, float[] types, LayerNorm norm, Optional<Integer> padding) {}

  /** One block. */
  record Layer(
      Matrix queryKeyValue, // [3H, H]
      Matrix attentionOut, // [H, H]
      LayerNorm attentionNorm, // [H]
      Matrix up, // [I, H]
      Matrix down, // [H, I]
      LayerNorm outputNorm // [H]
      ) {}

  /** What the pieces of a block are called, after the block's own prefix. */
  record Names(
      String query,
      String key,
      String value,
      String attentionOut,
      String attentionNorm,
      String up,
      String down,
      String outputNorm) {
    List<Layer> layers(Sizes sizes, Parts parts, String prefix) {
      return IntStream.range(0, sizes.layers)
          .mapToObj(i -> layer(sizes, parts, prefix + i + "."))
          .toList();
    }

    private Layer layer(Sizes sizes, Parts parts, String at) {
      int width = sizes.width;
      return new Layer(
          parts.joined(List.of(at + query, at + key, at + value), width, width, true),
          parts.linear(at + attentionOut, width, width),
          parts.norm(at + attentionNorm, width),
          parts.linear(at + up, sizes.inner, width),
          parts.linear(at + down, width, sizes.inner),
          parts.norm(at + outputNorm, width));
    }
  }

  /** How the tokens of a sequence attend to each other. */
  interface Attention {
    /** How many floats of scratch it wants. */
    int scratch(int tokens);

    /**
     * Mixes the values of one sequence.
     *
     * @param qkv [tokens, 3H]: queries, keys, values
     * @param out [tokens, H]
     */
    void attend(
        int layer, int tokens, float[] qkv, int at, float[] out, int outAt, float[] scratch);
  }

  /** Attention by nothing but the likeness of query and key. */
  static Attention plain(Sizes sizes, Kernels kernels) {
    return plain(sizes, kernels, (float) (1 / Math.sqrt(sizes.headWidth())));
  }

  /** The same, likeness multiplied by this before the softmax. */
  static Attention plain(Sizes sizes, Kernels kernels, float scale) {
    return new Attention() {
      @Override
      public int scratch(int tokens) {
        return kernels.attentionScratch(tokens, sizes.headWidth());
      }

      @Override
      public void attend(
          int layer, int tokens, float[] qkv, int at, float[] out, int outAt, float[] scratch) {
        kernels.attention(
            PositionBias.NONE,
            tokens,
            sizes.heads,
            sizes.headWidth(),
            scale,
            qkv,
            at,
            3 * sizes.width,
            out,
            outAt,
            sizes.width,
            scratch);
      }
    };
  }

  private final Sizes sizes;
  private final Kernels kernels;
  private final Embeddings embeddings;
  private final Attention attention;
  private final List<Layer> layers;

  PostNorm(
      Sizes sizes,
      Kernels kernels,
      Embeddings embeddings,
      Attention attention,
      List<Layer> layers) {
    this.sizes = sizes;
    this.kernels = kernels;
    this.embeddings = embeddings;
    this.attention = attention;
    this.layers = layers;
  }

  @Override
  public int width() {
    return sizes.width;
  }

  @Override
  public int positions() {
    return sizes.maxTokens;
  }

  @Override
  public int vocabulary() {
    return sizes.vocabulary;
  }

  @Override
  public Session session() {
    return new Run();
  }

  private final class Run implements Session {
    private final int width = sizes.width;
    private final int inner = sizes.inner;
    private float[] hidden = new float[0]; // [T, H]
    private float[] mixed = new float[0]; // [T, H]
    private float[] projected = new float[0]; // [T, 3H]
    private float[] scratch = new float[0];
    private final float[] raised = new float[ROWS * inner]; // [ROWS, I]
    private final float[] sum = new float[ROWS * width]; // [ROWS, H]
    private final float[] nothing = new float[width]; // [H]

    @Override
    public float[] run(Batch batch, Layers layersSeen) {
      int tokens = batch.tokens();
      grow(tokens, batch.longest());
      for (int s = 0; s < batch.sequences(); s++) {
        embed(batch, batch.start(s), batch.start(s + 1));
      }
      layersSeen.layer(0, hidden);
      for (int i = 0; i < layers.size(); i++) {
        attend(i, batch);
        for (int row = 0; row < tokens; row += ROWS) {
          feedForward(layers.get(i), row, Math.min(ROWS, tokens - row));
        }
        layersSeen.layer(i + 1, hidden);
      }
      return hidden;
    }

    private void grow(int tokens, int longest) {
      int size = Math.multiplyExact(tokens, width);
      if (hidden.length < size) {
        hidden = new float[size];
        mixed = new float[size];
        projected = new float[Math.multiplyExact(3, size)];
      }
      int wanted = attention.scratch(longest);
      if (scratch.length < wanted) {
        scratch = new float[wanted];
      }
    }

    private void embed(Batch batch, int start, int end) {
      int padding = embeddings.padding.orElse(-1);
      int position = padding;
      for (int token = start; token < end; token++) {
        int at = token * width;
        int id = batch.id(token);
        embeddings.words.read((long) id * width, hidden, at, width);
        if (embeddings.types.length > 0) {
          kernels.add(width, embeddings.types, typeAt(batch.type(token)), hidden, at);
        }
        boolean own = embeddings.padding.isPresent() && id == padding;
        int positionAt = (own ? padding : ++position) * width;
        boolean placed = embeddings.positions.length > 0;
        kernels.addAndNormalize(
            1,
            width,
            hidden,
            at,
            placed ? embeddings.positions : nothing,
            placed ? positionAt : 0,
            embeddings.norm.gain(),
            embeddings.norm.bias(),
            sizes.epsilon);
      }
    }

    /** Where a type's vector is; models with one type have it for both texts of a pair. */
    private int typeAt(int type) {
      return Math.min(type * width, embeddings.types.length - width);
    }

    private void attend(int index, Batch batch) {
      Layer layer = layers.get(index);
      for (int row = 0; row < batch.tokens(); row += ROWS) {
        kernels.linear(
            Math.min(ROWS, batch.tokens() - row),
            hidden,
            row * width,
            width,
            layer.queryKeyValue,
            Activation.NONE,
            projected,
            row * 3 * width,
            3 * width);
      }
      for (int s = 0; s < batch.sequences(); s++) {
        int start = batch.start(s);
        int tokens = batch.start(s + 1) - start;
        attention.attend(
            index, tokens, projected, start * 3 * width, mixed, start * width, scratch);
      }
    }

    /** All of the layer after the attention, for some rows. */
    private void feedForward(Layer layer, int row, int rows) {
      int at = row * width;
      kernels.linear(rows, mixed, at, width, layer.attentionOut, Activation.NONE, sum, 0, width);
      normalize(rows, at, layer.attentionNorm);
      kernels.linear(rows, hidden, at, width, layer.up, sizes.activation, raised, 0, inner);
      kernels.linear(rows, raised, 0, inner, layer.down, Activation.NONE, sum, 0, width);
      normalize(rows, at, layer.outputNorm);
    }

    private void normalize(int rows, int at, LayerNorm norm) {
      kernels.addAndNormalize(
          rows, width, hidden, at, sum, 0, norm.gain(), norm.bias(), sizes.epsilon);
    }
  }
}
