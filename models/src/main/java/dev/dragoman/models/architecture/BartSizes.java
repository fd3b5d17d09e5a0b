package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.CacheShape;
import java.util.Set;

/** The sizes of an encoder and a decoder, by the names that BART's kin have for them. */
record BartSizes(int width, Side encoder, Side decoder, Activation activation) {
  /** Of the encoder, or of the decoder. */
  record Side(int layers, int heads, int inner) {}

  /** Reads them, and checks what they have in common. */
  static BartSizes read(ModelConfig file, String modelType, Set<String> classes) {
    file.only("model_type", modelType);
    for (String name : file.texts("architectures")) {
      if (!classes.contains(name)) {
        throw file.wrong("architectures", "one of " + classes.stream().sorted().toList());
      }
    }
    if (!file.flag("is_encoder_decoder", true)) {
      throw file.wrong("is_encoder_decoder", "true");
    }
    file.ignore(
        "activation_dropout",
        "attention_dropout",
        "classifier_dropout",
        "classif_dropout",
        "decoder_layerdrop",
        "dropout",
        "encoder_layerdrop",
        "init_std",
        "is_decoder",
        // The encoder's, once more.
        "num_hidden_layers");
    int width = file.positive("d_model");
    return new BartSizes(
        width,
        side(file, "encoder", width),
        side(file, "decoder", width),
        Sizes.activation(file, "activation_function", "gelu"));
  }

  private static Side side(ModelConfig file, String name, int width) {
    int heads = file.positive(name + "_attention_heads");
    if (width % heads != 0) {
      throw file.wrong(name + "_attention_heads", "a divisor of d_model " + width);
    }
    return new Side(file.positive(name + "_layers"), heads, file.positive(name + "_ffn_dim"));
  }

  CacheShape cache() {
    return new CacheShape(decoder.heads, decoder.heads, width / decoder.heads);
  }
}
