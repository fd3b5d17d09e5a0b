package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.kernel.Activation;

/** Keys of {@code config.json} that encoders have in common. */
final class EncoderKeys {
  private EncoderKeys() {}

  /** An activation by the name it has in the reference implementation. */
  static Activation activation(ModelConfig file, String key) {
    return switch (file.text(key)) {
      case "gelu" -> Activation.GELU;
      case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> Activation.GELU_TANH;
      case "relu" -> Activation.RELU;
      case "silu", "swish" -> Activation.SILU;
      case "quick_gelu" -> Activation.GELU_QUICK;
      case "tanh" -> Activation.TANH;
      default ->
          throw file.wrong(
              key, "gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, relu, silu, swish or tanh");
    };
  }

  /** A number of heads that divides the width. */
  static int heads(ModelConfig file, String key, String widthKey) {
    int width = file.positive(widthKey);
    int heads = file.positive(key);
    if (width % heads != 0) {
      throw file.wrong(key, "a divisor of " + widthKey + " " + width);
    }
    return heads;
  }
}
