package dev.dragoman.models.architecture;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.Marian;
import dev.dragoman.models.format.MarianSettings;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Kernels;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A transformer in a file of Marian itself, as OPUS-MT publishes them (<a
 * href="https://github.com/marian-nmt/marian-dev/blob/master/src/models/transformer.h">reference</a>):
 * what transformers makes a {@code MarianMTModel} of. Its positions and what it adds to variances
 * are Marian's own, which transformers does not take over.
 */
final class MarianVariables {
  private static final int POSITIONS = StudentSession.LONGEST;

  private final Path path;
  private final MarianSettings settings;
  private final Weights weights;
  private final int width;
  private final Map<String, Tensor> tensors = new HashMap<>();

  private MarianVariables(Path path, MarianSettings settings, Weights weights) {
    this.path = path;
    this.settings = settings;
    this.weights = weights;
    this.width = settings.positive("dim-emb");
  }

  /**
   * The model in a file.
   *
   * @throws ModelException if it has settings or weights that are not known here
   */
  static EncoderDecoder open(Path path, Marian file, Weights weights, Kernels kernels) {
    MarianKeys.check(file.settings(), false);
    return new MarianVariables(path, file.settings(), weights).open(kernels);
  }

  private EncoderDecoder open(Kernels kernels) {
    Tensor read = words("encoder_Wemb");
    Tensor written = weights.has("Wemb") ? read : words("decoder_Wemb");
    Tensor scored = scored(written);
    Tensor bias = weights.any("decoder_ff_logit_out_b").expect(1, written.dimension(0));
    BartSizes.Side encoder = side("encoder", settings.positive("enc-depth"));
    BartSizes.Side decoder = side("decoder", settings.positive("dec-depth"));
    for (String name : weights.unused()) {
      if (!name.endsWith("_QuantMultA")) {
        throw new ModelException(
            "%s: tensor %s is not part of a transformer of Marian as it is known here"
                .formatted(path, name));
      }
    }
    ModelConfig none = ModelConfig.of(path, JsonNodeFactory.instance.objectNode());
    Checkpoint checkpoint = new Checkpoint(none, weights.rearranged(tensors), kernels, false);
    BartSizes sizes = new BartSizes(width, encoder, decoder, MarianKeys.activation(settings));
    BartLike parts = new BartLike(checkpoint, sizes, false, true, MarianKeys.EPSILON);
    float scale = (float) Math.sqrt(width);
    float[] positions = Sines.halves(0, POSITIONS, width);
    return new EncoderDecoder(
        new StackedEncoder(
            parts.encoder("encoder.", Norm.NONE),
            POSITIONS,
            read,
            scale,
            positions,
            DecoderStack.NO_PADDING,
            Norm.NONE),
        new DecoderStack(
            kernels,
            checkpoint.modules(),
            sizes.cache(),
            POSITIONS,
            written,
            scale,
            positions,
            DecoderStack.NO_PADDING,
            Norm.NONE,
            List.of(),
            parts.decoder("decoder."),
            Norm.NONE,
            Optional.of(checkpoint.head(scored, 1, bias.floats())),
            0),
        true);
  }

  private Tensor words(String own) {
    Tensor words = weights.any(weights.has("Wemb") ? "Wemb" : own);
    if (words.shape().length != 2) {
      throw settings.wrong("dim-vocabs", "a matrix of embeddings");
    }
    return words.expect(words.dimension(0), width);
  }

  /** Words are scored by their embeddings, or by vectors of their own. */
  private Tensor scored(Tensor words) {
    String own = "decoder_ff_logit_out_W";
    return weights.has(own)
        ? weights.tensor(own, width, words.dimension(0)).transposed(own)
        : words;
  }

  private BartSizes.Side side(String side, int layers) {
    int inner = 0;
    for (int i = 1; i <= layers; i++) {
      String from = side + "_l" + i + "_";
      String to = side + ".layers." + (i - 1) + ".";
      attention(from + "self", to + "self_attn");
      if (side.equals("decoder")) {
        attention(from + "context", to + "encoder_attn");
      }
      inner = Math.toIntExact(weights.any(from + "ffn_b1").size());
      linear(from + "ffn", "1", width, inner, to + "fc1");
      linear(from + "ffn", "2", inner, width, to + "fc2");
      norm(from + "ffn_ffn", to + "final_layer_norm");
    }
    return new BartSizes.Side(layers, MarianKeys.heads(settings, width), inner);
  }

  private void attention(String from, String to) {
    linear(from, "q", width, width, to + ".q_proj");
    linear(from, "k", width, width, to + ".k_proj");
    linear(from, "v", width, width, to + ".v_proj");
    linear(from, "o", width, width, to + ".out_proj");
    norm(from + "_Wo", to + "_layer_norm");
  }

  /** Matrices are [inputs, outputs] in the file. */
  private void linear(String from, String which, int inputs, int outputs, String to) {
    String weight = to + ".weight";
    tensors.put(weight, weights.tensor(from + "_W" + which, inputs, outputs).transposed(weight));
    row(from + "_b" + which, outputs, to + ".bias");
  }

  private void norm(String from, String to) {
    row(from + "_ln_scale", width, to + ".weight");
    row(from + "_ln_bias", width, to + ".bias");
  }

  private void row(String from, int count, String to) {
    tensors.put(to, weights.tensor(from, 1, count).row(to));
  }
}
