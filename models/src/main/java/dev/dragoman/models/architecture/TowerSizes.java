package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.CacheShape;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The sizes of one of the transformers that a model of pictures and text is made of.
 *
 * @param inner width of the feed-forward part
 */
record TowerSizes(
    int width, int layers, int heads, int inner, Activation activation, double epsilon) {
  /**
   * Reads them.
   *
   * @param absent what holds where the file says nothing
   */
  static TowerSizes read(ModelConfig file, TowerSizes absent, String activation) {
    int width = file.positive("hidden_size", absent.width);
    int heads = file.positive("num_attention_heads", absent.heads);
    if (width % heads != 0) {
      throw file.wrong("num_attention_heads", "a divisor of the width " + width);
    }
    return new TowerSizes(
        width,
        file.positive("num_hidden_layers", absent.layers),
        heads,
        file.positive("intermediate_size", absent.inner),
        Sizes.activation(file, "hidden_act", activation),
        file.above0("layer_norm_eps", absent.epsilon));
  }

  /** What the whole file of any of them may say besides its sections. */
  static void expectWhole(ModelConfig file) {
    file.off("add_cross_attention");
    file.off("pruned_heads");
    file.off("tie_encoder_decoder");
    file.ignore("is_decoder", "is_encoder_decoder");
  }

  /** What the section of any of them may say. */
  static void expect(ModelConfig file, Set<String> modelTypes) {
    if (file.has("model_type") && !modelTypes.contains(file.text("model_type"))) {
      throw file.wrong("model_type", String.join(" or ", modelTypes.stream().sorted().toList()));
    }
    file.off("is_encoder_decoder");
    file.off("add_cross_attention");
    file.off("pruned_heads");
    file.off("tie_encoder_decoder");
    file.ignore(
        "architectures",
        "attention_dropout",
        "dropout",
        "hidden_dropout",
        "initializer_factor",
        "is_decoder",
        "label_smoothing",
        "projection_dim");
  }

  CacheShape shape() {
    return new CacheShape(heads, heads, width / heads);
  }

  float scale() {
    return (float) (1 / Math.sqrt((double) width / heads));
  }

  /**
   * What the pieces of a layer with a norm before each part are called, after the layer's own
   * prefix.
   *
   * @param queryKeyValue one name for all, or three
   */
  record Names(
      List<String> queryKeyValue,
      String out,
      String attentionNorm,
      String up,
      String down,
      String outputNorm) {
    /** The names in CLIP and what was made after it. */
    static final Names CLIP =
        new Names(
            List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
            "self_attn.out_proj",
            "layer_norm1",
            "mlp.fc1",
            "mlp.fc2",
            "layer_norm2");

    /**
     * The layers.
     *
     * @param prefix with the index of a layer put after it
     */
    List<EncoderStack.Layer> layers(
        Checkpoint checkpoint, TowerSizes sizes, String prefix, boolean bias) {
      return IntStream.range(0, sizes.layers)
          .mapToObj(i -> layer(checkpoint, sizes, prefix + i + ".", bias))
          .toList();
    }

    private EncoderStack.Layer layer(
        Checkpoint checkpoint, TowerSizes sizes, String at, boolean bias) {
      int width = sizes.width;
      int[] outputs = new int[queryKeyValue.size()];
      Arrays.fill(outputs, 3 * width / outputs.length);
      return new EncoderStack.Layer(
          Residual.pre(checkpoint.layerNorm(at + attentionNorm, width, sizes.epsilon)),
          checkpoint.joined(
              queryKeyValue.stream().map(at::concat).toList(), outputs, width, bias), // [3H, H]
          checkpoint.linear(at + out, width, width, true), // [H, H]
          Residual.pre(checkpoint.layerNorm(at + outputNorm, width, sizes.epsilon)),
          new FeedForward.Plain(
              sizes.activation,
              checkpoint.linear(at + up, sizes.inner, width, true), // [I, H]
              checkpoint.linear(at + down, width, sizes.inner, true))); // [H, I]
    }
  }
}
