package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.MarianSettings;
import dev.dragoman.models.kernel.Activation;
import java.util.List;
import java.util.Set;

/** What the settings of a transformer of Marian must say for it to be known here. */
final class MarianKeys {
  static final float EPSILON = 1e-6f;
  private static final List<String> SELF_ATTENTION = List.of("self-attention");

  private static final Set<String> HARMLESS =
      Set.of(
          "bert-train-type-embeddings",
          "bert-type-vocab-size",
          "dec-cell",
          "dec-cell-base-depth",
          "dec-cell-high-depth",
          "dim-rnn",
          "enc-cell",
          "enc-cell-depth",
          "enc-type",
          "factors-combine",
          "factors-dim-emb",
          "lemma-dependency",
          "transformer-aan-activation",
          "transformer-aan-depth",
          "transformer-aan-nogate",
          "transformer-decoder-autoreg",
          "transformer-decoder-dim-ffn",
          "transformer-depth-scaling",
          "transformer-dim-aan",
          "transformer-dim-ffn",
          "ulr-dim-emb",
          "ulr-trainable-transformation",
          "version");
  private static final Set<String> READ =
      Set.of(
          "dec-depth",
          "dim-emb",
          "dim-vocabs",
          "enc-depth",
          "tied-embeddings",
          "tied-embeddings-all",
          "tied-embeddings-src",
          "transformer-ffn-activation",
          "transformer-guided-alignment-layer",
          "transformer-heads");

  /** Keys with the only values that are known here, the first being Marian's own. */
  private enum Fixed {
    TYPE("type", "transformer"),
    BEFORE("transformer-preprocess", "", "d"),
    AFTER("transformer-postprocess", "dan", "an"),
    AFTER_EMBEDDINGS("transformer-postprocess-emb", "d", ""),
    AT_THE_TOP("transformer-postprocess-top", "", "d"),
    DEPTH("transformer-ffn-depth", "2"),
    DECODER_DEPTH("transformer-decoder-ffn-depth", "0", "2"),
    POSITIONS("transformer-train-position-embeddings", "false"),
    NO_PROJECTION("transformer-no-projection", "false"),
    RECURRENT_PROJECTION("transformer-rnn-projection", "false"),
    POOL("transformer-pool", "false"),
    NO_BIAS("transformer-no-bias", "false"),
    NO_AFFINE("transformer-no-affine", "false"),
    TIED("transformer-tied-layers", ""),
    NORMALIZED_CELLS("layer-normalization", "false"),
    BACKWARDS("right-left", "false"),
    SKIP("skip", "false"),
    NO_OUTPUT_BIAS("output-omit-bias", "false"),
    NEIGHBOURS("output-approx-knn", ""),
    LEMMAS("lemma-dim-emb", "0"),
    UNIVERSAL("ulr", "false"),
    INPUTS("input-types", ""),
    SPECIAL("special-vocab", "");

    private final String key;
    private final List<String> values;

    Fixed(String key, String... values) {
      this.key = key;
      this.values = List.of(values);
    }

    static boolean has(String key) {
      for (Fixed fixed : values()) {
        if (fixed.key.equals(key)) {
          return true;
        }
      }
      return false;
    }
  }

  private MarianKeys() {}

  /**
   * Refuses settings that are not known here.
   *
   * @param student whether its decoder has cells in place of self-attention
   */
  static void check(MarianSettings settings, boolean student) {
    check(settings, "transformer-decoder-autoreg", student ? List.of("rnn") : SELF_ATTENTION);
    if (student) {
      check(settings, "dec-cell", List.of("ssru"));
    }
    for (Fixed fixed : Fixed.values()) {
      check(settings, fixed.key, fixed.values);
    }
    for (String key : settings.keys()) {
      if (!HARMLESS.contains(key) && !READ.contains(key) && !Fixed.has(key)) {
        throw new ModelException(
            settings.wrong(key, "nothing of that name").getMessage()
                + "; it may change what the model computes");
      }
    }
  }

  private static void check(MarianSettings settings, String key, List<String> values) {
    if (!values.contains(settings.text(key, values.getFirst()))) {
      throw settings.wrong(key, "\"" + String.join("\" or \"", values) + "\"");
    }
  }

  static Activation activation(MarianSettings settings) {
    return switch (settings.text("transformer-ffn-activation", "swish")) {
      case "relu" -> Activation.RELU;
      case "swish" -> Activation.SILU;
      case "gelu" -> Activation.GELU_QUICK;
      default -> throw settings.wrong("transformer-ffn-activation", "relu, swish and gelu");
    };
  }

  static int heads(MarianSettings settings, int width) {
    int heads = settings.positive("transformer-heads");
    if (width % heads != 0 || width % 2 != 0 || width < 4) {
      throw settings.wrong("dim-emb", "an even multiple of transformer-heads");
    }
    return heads;
  }
}
