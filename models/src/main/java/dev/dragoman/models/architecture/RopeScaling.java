package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;

/**
 * How the frequencies of rotary embeddings are changed so that a model works on longer texts than
 * it was first trained on; the {@code rope_type} of a {@code config.json}. Computed in singles, in
 * the order of the <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/modeling_rope_utils.py">reference</a>.
 */
sealed interface RopeScaling {
  /**
   * The frequencies.
   *
   * @param tokens how long the text may become
   * @return [width / 2]
   */
  float[] frequencies(double base, int width, int tokens);

  /** What the turned queries and keys are multiplied by. */
  default double attentionFactor() {
    return 1;
  }

  /**
   * The scaling that a section of {@code config.json} describes.
   *
   * @param positions {@code max_position_embeddings}
   * @param original {@code original_max_position_embeddings} from beside the section, which then
   *     goes before the section's own; 0 if there is none
   */
  static RopeScaling read(ModelConfig section, String type, int positions, int original) {
    return switch (type) {
      case "default" -> new Plain();
      case "linear" -> new Linear(section.above0("factor"));
      case "dynamic" -> new Dynamic(section.above0("factor"), positions);
      case "llama3" ->
          new Llama3(
              section.above0("factor"),
              section.above0("low_freq_factor"),
              section.above0("high_freq_factor"),
              original(section, positions, original));
      case "yarn" -> Yarn.read(section, positions, original(section, positions, original));
      case "longrope", "su" ->
          LongRope.read(section, positions, original(section, positions, original));
      default ->
          throw section.wrong(
              section.has("rope_type") ? "rope_type" : "type",
              "default, linear, dynamic, llama3, yarn or longrope");
    };
  }

  private static double original(ModelConfig section, int positions, int original) {
    double own = section.number("original_max_position_embeddings", positions);
    return original > 0 ? original : own;
  }

  /** {@code base^(2i / width)}, for each pair i. */
  private static float[] powers(double base, int width) {
    float[] powers = new float[width / 2];
    for (int i = 0; i < powers.length; i++) {
      powers[i] = (float) Math.pow((float) base, 2f * i / width);
    }
    return powers;
  }

  private static float[] plain(double base, int width) {
    float[] frequencies = powers(base, width);
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = 1 / frequencies[i];
    }
    return frequencies;
  }

  /** None. */
  record Plain() implements RopeScaling {
    @Override
    public float[] frequencies(double base, int width, int tokens) {
      return plain(base, width);
    }
  }

  /** All frequencies divided by a factor. */
  record Linear(double factor) implements RopeScaling {
    @Override
    public float[] frequencies(double base, int width, int tokens) {
      float[] frequencies = plain(base, width);
      for (int i = 0; i < frequencies.length; i++) {
        frequencies[i] /= (float) factor;
      }
      return frequencies;
    }
  }

  /** Each frequency divided by its own factor, as GGUF files have them. */
  record Factors(float[] factors) implements RopeScaling {
    @Override
    public float[] frequencies(double base, int width, int tokens) {
      float[] frequencies = plain(base, width);
      for (int i = 0; i < frequencies.length; i++) {
        frequencies[i] /= factors[i];
      }
      return frequencies;
    }
  }

  /** A base that grows with the text, once it is longer than what the model was trained on. */
  record Dynamic(double factor, int positions) implements RopeScaling {
    @Override
    public float[] frequencies(double base, int width, int tokens) {
      double length = Math.max(tokens, positions);
      double growth = factor * length / positions - (factor - 1);
      return plain(base * Math.pow(growth, width / (width - 2.0)), width);
    }
  }

  /** Llama 3.1: long waves divided by a factor, short ones kept, a slope between. */
  record Llama3(double factor, double lowFactor, double highFactor, double original)
      implements RopeScaling {
    @Override
    public float[] frequencies(double base, int width, int tokens) {
      float[] frequencies = plain(base, width);
      for (int i = 0; i < frequencies.length; i++) {
        float frequency = frequencies[i];
        float wave = (float) (2 * Math.PI) / frequency;
        if (wave > original / lowFactor) {
          frequencies[i] = frequency / (float) factor;
        } else if (wave >= original / highFactor) {
          float smooth =
              ((float) original / wave - (float) lowFactor) / (float) (highFactor - lowFactor);
          frequencies[i] = (1 - smooth) * frequency / (float) factor + smooth * frequency;
        }
      }
      return frequencies;
    }
  }

  /** YaRN (<a href="https://arxiv.org/abs/2309.00071">paper</a>). */
  record Yarn(
      double factor,
      double attentionFactor,
      double fast,
      double slow,
      double original,
      boolean whole)
      implements RopeScaling {
    static Yarn read(ModelConfig section, int positions, double original) {
      double factor = section.number("factor", positions / original);
      double scale = section.number("mscale", 0);
      double scaleAll = section.number("mscale_all_dim", 0);
      double attention =
          scale != 0 && scaleAll != 0
              ? magnitude(factor, scale) / magnitude(factor, scaleAll)
              : magnitude(factor, 1);
      double fast = section.number("beta_fast", 0);
      double slow = section.number("beta_slow", 0);
      return new Yarn(
          factor,
          section.number("attention_factor", attention),
          fast == 0 ? 32 : fast,
          slow == 0 ? 1 : slow,
          original,
          section.flag("truncate", true));
    }

    private static double magnitude(double factor, double scale) {
      return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    @Override
    public float[] frequencies(double base, int width, int tokens) {
      double low = turns(fast, base, width);
      double high = turns(slow, base, width);
      if (whole) {
        low = Math.floor(low);
        high = Math.ceil(high);
      }
      low = Math.max(low, 0);
      high = Math.min(high, width - 1);
      if (low == high) {
        high += 0.001;
      }
      float[] powers = powers(base, width);
      for (int i = 0; i < powers.length; i++) {
        float ramp = (float) Math.clamp((i - (float) low) / (float) (high - low), 0f, 1f);
        float kept = 1 - ramp;
        powers[i] = 1 / ((float) factor * powers[i]) * (1 - kept) + 1 / powers[i] * kept;
      }
      return powers;
    }

    /** The pair whose wave turns so many times over the original length. */
    private double turns(double count, double base, int width) {
      return width * Math.log(original / (count * 2 * Math.PI)) / (2 * Math.log(base));
    }
  }

  /** LongRoPE (<a href="https://arxiv.org/abs/2402.13753">paper</a>): a factor for each pair. */
  record LongRope(
      float[] shortFactors, float[] longFactors, double attentionFactor, double original)
      implements RopeScaling {
    static LongRope read(ModelConfig section, int positions, double original) {
      double factor = section.number("factor", positions / original);
      double attention = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
      return new LongRope(
          section.floats("short_factor"),
          section.floats("long_factor"),
          section.number("attention_factor", attention),
          original);
    }

    @Override
    public float[] frequencies(double base, int width, int tokens) {
      float[] factors = tokens > original ? longFactors : shortFactors;
      float[] powers = powers(base, width);
      for (int i = 0; i < powers.length; i++) {
        powers[i] = 1 / (factors[i] * powers[i]);
      }
      return powers;
    }
  }
}
