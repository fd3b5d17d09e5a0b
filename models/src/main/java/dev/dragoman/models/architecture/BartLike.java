package dev.dragoman.models.architecture;

import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.CacheShape;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.kernel.PositionBias;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The layers of BART and of those who call the pieces the same, out of a checkpoint. H is the
 * width, I the inner width.
 *
 * @param before whether a part's input is normalised, and not its sum
 * @param keyBias whether the projection of keys has a bias
 * @param epsilon what is added to variances
 */
record BartLike(
    Checkpoint checkpoint, BartSizes sizes, boolean before, boolean keyBias, double epsilon) {
  static final double EPSILON = 1e-5;

  /** With what transformers adds to variances. */
  BartLike(Checkpoint checkpoint, BartSizes sizes, boolean before, boolean keyBias) {
    this(checkpoint, sizes, before, keyBias, EPSILON);
  }

  /** All layers of the encoder. */
  EncoderStack encoder(String at, Norm last) {
    BartSizes.Side side = sizes.encoder();
    List<EncoderStack.Layer> layers = new ArrayList<>();
    for (int i = 0; i < side.layers(); i++) {
      String layer = at + "layers." + i + ".";
      layers.add(
          new EncoderStack.Layer(
              around(layer + "self_attn_layer_norm"),
              queryKeyValue(layer + "self_attn."), // [3H, H]
              out(layer + "self_attn."), // [H, H]
              around(layer + "final_layer_norm"),
              feedForward(layer, side.inner())));
    }
    int headWidth = sizes.width() / side.heads();
    return new EncoderStack(
        checkpoint.kernels(),
        sizes.width(),
        side.heads(),
        headWidth,
        scale(headWidth),
        PositionBias.NONE,
        List.copyOf(layers),
        last);
  }

  /** All layers of the decoder. */
  List<Block> decoder(String at) {
    return decoder(at, sizes.width());
  }

  /**
   * The same.
   *
   * @param seen width of the states it looks at
   */
  List<Block> decoder(String at, int seen) {
    CacheShape shape = sizes.cache();
    float scale = scale(shape.headWidth());
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < sizes.decoder().layers(); i++) {
      String layer = at + "layers." + i + ".";
      CausalAttention attention =
          new CausalAttention(
              shape,
              queryKeyValue(layer + "self_attn."), // [3H, H]
              out(layer + "self_attn."), // [H, H]
              Norm.NONE,
              Norm.NONE,
              CausalAttention.NO_ROPE,
              scale,
              0);
      blocks.add(
          new Block(
              around(layer + "self_attn_layer_norm"),
              attention,
              around(layer + "encoder_attn_layer_norm"),
              Optional.of(cross(layer + "encoder_attn.", shape, scale, seen)),
              around(layer + "final_layer_norm"),
              feedForward(layer, sizes.decoder().inner())));
    }
    return List.copyOf(blocks);
  }

  private CrossAttention cross(String at, CacheShape shape, float scale, int seen) {
    int width = sizes.width();
    return new CrossAttention(
        shape,
        checkpoint.linear(at + "q_proj", width, width, true), // [H, H]
        checkpoint.joined(
            List.of(at + "k_proj", at + "v_proj"),
            new int[] {width, width},
            seen,
            this::biased), // [2H, E]
        out(at), // [H, H]
        scale);
  }

  private Matrix queryKeyValue(String at) {
    int width = sizes.width();
    return checkpoint.joined(
        List.of(at + "q_proj", at + "k_proj", at + "v_proj"),
        new int[] {width, width, width},
        width,
        this::biased);
  }

  private boolean biased(String name) {
    return keyBias || !name.endsWith("k_proj");
  }

  private Matrix out(String at) {
    return checkpoint.linear(at + "out_proj", sizes.width(), sizes.width(), true);
  }

  private FeedForward feedForward(String layer, int inner) {
    return new FeedForward.Plain(
        sizes.activation(),
        checkpoint.linear(layer + "fc1", inner, sizes.width(), true), // [I, H]
        checkpoint.linear(layer + "fc2", sizes.width(), inner, true)); // [H, I]
  }

  Norm norm(String name) {
    return checkpoint.layerNorm(name, sizes.width(), epsilon);
  }

  private Residual around(String name) {
    return before ? Residual.pre(norm(name)) : Residual.post(norm(name));
  }

  private static float scale(int headWidth) {
    return (float) (1 / Math.sqrt(headWidth));
  }

  /**
   * The embeddings under the first of some names that is there: which one depends on the writer.
   */
  Tensor words(int vocabulary, String... names) {
    return checkpoint.weights().tensor(firstOf(names), vocabulary, sizes.width());
  }

  private String firstOf(String... names) {
    String found = names[0];
    for (int i = names.length - 1; i >= 0; i--) {
      if (checkpoint.weights().has(names[i] + ".weight")) {
        found = names[i];
      }
    }
    for (String name : names) {
      checkpoint.weights().ignore(name + ".weight");
    }
    return found + ".weight";
  }

  /**
   * The head: its own weights, or the embeddings.
   *
   * @param tied whether the embeddings are its weights, unless it has its own
   * @param words [V, H]
   */
  Matrix head(Tensor words, boolean tied) {
    int vocabulary = (int) words.dimension(0);
    Weights weights = checkpoint.weights();
    Tensor matrix =
        tied && !weights.has("lm_head.weight")
            ? words
            : weights.tensor("lm_head.weight", vocabulary, sizes.width());
    float[] bias = new float[vocabulary];
    if (weights.has("final_logits_bias")) {
      weights.tensor("final_logits_bias", 1, vocabulary).read(0, bias, 0, vocabulary);
    }
    return checkpoint.head(matrix, 1, bias);
  }
}
