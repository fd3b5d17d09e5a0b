package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.ModelConfig;

/**
 * Reads rotary embeddings from a {@code config.json} of transformers 4 ({@code rope_theta}, {@code
 * rope_scaling}, {@code partial_rotary_factor}) or 5 ({@code rope_parameters}).
 */
record RopeReader(Checkpoint checkpoint, int headWidth, int positions) {
  /** The name GGUF files have for factors of single frequencies. */
  static final String FACTORS = "rope_freqs.weight";

  /**
   * The only rotary embedding of a model.
   *
   * @param base if the file does not say
   * @param original what {@code original_max_position_embeddings} is beside the section if the file
   *     does not say, and goes before the section's own then; 0 for nothing
   */
  RotaryEmbedding read(double base, int original) {
    ModelConfig file = checkpoint.config();
    double beside = file.above0("rope_theta", base);
    double partial = file.above0("partial_rotary_factor", 1);
    ModelConfig section =
        file.has("rope_scaling") ? file.section("rope_scaling") : file.section("rope_parameters");
    if (file.has("rope_scaling")) {
      file.ignore("rope_parameters");
    }
    String trained = "original_max_position_embeddings";
    return read(section, beside, partial, file.has(trained) ? file.positive(trained) : original);
  }

  /** One that a section describes. */
  RotaryEmbedding read(ModelConfig section, double base, double partial, int original) {
    String type = section.text("rope_type", section.text("type", "default"));
    RopeScaling scaling = RopeScaling.read(section, type, positions, original);
    double theta = section.above0("rope_theta", base);
    int width = (int) (headWidth * section.above0("partial_rotary_factor", partial));
    if (type.equals("default")) {
      section.ignore("factor", "original_max_position_embeddings");
    }
    section.refuseOthers();
    if (checkpoint.weights().has(FACTORS)) {
      scaling = new RopeScaling.Factors(checkpoint.floats(FACTORS, width / 2));
    }
    if (width < 2 || width > headWidth || width % 2 != 0) {
      throw new ModelException(
          "rotary embeddings of %d of %d numbers of a head are not supported"
              .formatted(width, headWidth));
    }
    if (scaling instanceof RopeScaling.LongRope longRope
        && (longRope.shortFactors().length != width / 2
            || longRope.longFactors().length != width / 2)) {
      throw section.wrong("short_factor", "a list of " + width / 2 + " numbers, like long_factor");
    }
    return new RotaryEmbedding(theta, width, false, scaling);
  }
}
