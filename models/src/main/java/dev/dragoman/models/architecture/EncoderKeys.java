package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;

/** Keys of {@code config.json} that encoders have in common. */
final class EncoderKeys {
  private EncoderKeys() {}

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
