package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.CacheShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The sizes of a decoder, by the names that most architectures have for them. */
record Sizes(
    int vocabulary,
    int width,
    int layers,
    int heads,
    int kvHeads,
    int headWidth,
    int inner,
    int positions,
    double epsilon) {
  /**
   * Reads them.
   *
   * @param headWidth if the file does not say; 0 for the width divided by the heads
   */
  static Sizes read(ModelConfig file, int headWidth, int kvHeads, int positions, double epsilon) {
    int width = file.positive("hidden_size");
    int heads = file.positive("num_attention_heads");
    Sizes sizes =
        new Sizes(
            file.positive("vocab_size"),
            width,
            file.positive("num_hidden_layers"),
            heads,
            file.positive("num_key_value_heads", kvHeads > 0 ? kvHeads : heads),
            file.positive("head_dim", headWidth > 0 ? headWidth : Math.max(1, width / heads)),
            file.positive("intermediate_size"),
            file.positive("max_position_embeddings", positions),
            file.above0("rms_norm_eps", epsilon));
    if (heads % sizes.kvHeads != 0) {
      throw file.wrong("num_key_value_heads", "a divisor of num_attention_heads " + heads);
    }
    if (!file.has("head_dim") && headWidth == 0 && width % heads != 0) {
      throw file.wrong("num_attention_heads", "a divisor of hidden_size " + width);
    }
    return sizes;
  }

  CacheShape cache() {
    return new CacheShape(heads, kvHeads, headWidth);
  }

  int queries() {
    return heads * headWidth;
  }

  int keys() {
    return kvHeads * headWidth;
  }

  double headScale() {
    return 1 / Math.sqrt(headWidth);
  }

  /** What every {@code config.json} of a decoder may say. */
  static void expect(ModelConfig file, String modelType, Set<String> classes) {
    file.off("add_cross_attention");
    expectCrossing(file, modelType, classes);
  }

  /** The same of one whose layers may look at a memory. */
  static void expectCrossing(ModelConfig file, String modelType, Set<String> classes) {
    file.only("model_type", modelType);
    for (String name : file.texts("architectures")) {
      if (!classes.contains(name)) {
        throw file.wrong("architectures", "one of " + classes.stream().sorted().toList());
      }
    }
    file.off("is_encoder_decoder");
    file.off("pruned_heads");
    file.off("tie_encoder_decoder");
    file.off("per_layer_config");
    file.ignore(
        "add_cross_attention", "attention_dropout", "auto_map", "is_decoder", "hidden_dropout");
  }

  /** An activation by its name in transformers. */
  static Activation activation(ModelConfig file, String key) {
    return activation(file, key, file.text(key));
  }

  static Activation activation(ModelConfig file, String key, String absent) {
    return switch (file.text(key, absent)) {
      case "gelu" -> Activation.GELU;
      case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> Activation.GELU_TANH;
      case "quick_gelu" -> Activation.GELU_QUICK;
      case "relu" -> Activation.RELU;
      case "silu", "swish" -> Activation.SILU;
      case "tanh" -> Activation.TANH;
      default ->
          throw file.wrong(
              key,
              "gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, quick_gelu, relu, silu, swish or tanh");
    };
  }

  /**
   * Which layers only see a window, from {@code layer_types}, or else as given.
   *
   * @return true for each layer that does
   */
  static List<Boolean> sliding(ModelConfig file, List<Boolean> absent) {
    if (!file.has("layer_types")) {
      return absent;
    }
    List<String> types = file.texts("layer_types");
    if (types.size() != absent.size()) {
      throw file.wrong("layer_types", "one for each of the " + absent.size() + " layers");
    }
    List<Boolean> sliding = new ArrayList<>();
    for (String type : types) {
      sliding.add(
          switch (type) {
            case "full_attention", "attention" -> false;
            case "sliding_attention" -> true;
            default ->
                throw file.wrong("layer_types", "\"full_attention\" or \"sliding_attention\"");
          });
    }
    return sliding;
  }

  /** How many positions a token sees where there is a window; 0 if the file says null. */
  static int window(ModelConfig file, int absent) {
    return file.says("sliding_window") ? file.positive("sliding_window", 0) : absent;
  }
}
