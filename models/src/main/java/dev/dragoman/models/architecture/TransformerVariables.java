package dev.dragoman.models.architecture;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.CTranslate2;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * An encoder and a decoder of CTranslate2 (<a
 * href="https://github.com/OpenNMT/CTranslate2/blob/master/python/ctranslate2/specs/transformer_spec.py">their
 * specification</a>, <a
 * href="https://github.com/OpenNMT/CTranslate2/blob/master/src/layers/transformer.cc">what it
 * computes</a>): what its converter makes of Marian, M2M-100, NLLB and BART, which differ only in
 * settings that the file has, and of T5. A setting or variable that is not known here is refused by
 * name.
 */
final class TransformerVariables {
  static final String SPECIFICATION = "TransformerSpec";

  /** The first revision whose settings are the encoder's or the decoder's own. */
  private static final int OLDEST = 5;

  private static final int NEWEST = 7;
  private static final int RELU = 0;
  private static final double TOLERANCE = 1e-5;
  private static final String DISTANCES = "relative_attention_bias";
  private static final String FARTHEST = "relative_attention_max_distance";
  private static final String GATE = "linear_0_noact";
  private static final Set<String> SETTINGS =
      Set.of(
          "activation",
          "num_heads",
          "pre_norm",
          "queries_scale",
          FARTHEST,
          "scale_embeddings",
          "scale_outputs",
          "start_from_zero_embedding",
          "weight_scale",
          // Where the decoder looks is not asked for.
          "alignment_heads",
          "alignment_layer",
          // There is one embedding of a source.
          "embeddings_merge",
          // Only used with alibi, which is refused.
          "alibi_use_positive_positions",
          "scale_alibi");
  private static final Set<String> OFF =
      Set.of("alibi", "layer_norm_use_residual", "multi_query_attention");

  private final Path folder;
  private final CTranslate2 file;
  private final Weights weights;
  private final Kernels kernels;
  private final ConvertedVariables names;
  private final Optional<Double> epsilon;

  private TransformerVariables(Path folder, CTranslate2 file, Weights weights, Kernels kernels) {
    this.folder = folder;
    this.file = file;
    this.weights = weights;
    this.kernels = kernels;
    this.names = new ConvertedVariables(folder, file, weights);
    this.epsilon = epsilon(folder);
  }

  /**
   * The model in a folder.
   *
   * @throws ModelException if it is another kind of model, or has what is not known here
   */
  static EncoderDecoder open(Path folder, CTranslate2 file, Weights weights, Kernels kernels) {
    if (!file.specification().equals(SPECIFICATION)
        || file.revision() < OLDEST
        || file.revision() > NEWEST) {
      throw new ModelException(
          "%s: model.bin is a %s, revision %d; supported is %s of revision %d to %d"
              .formatted(
                  folder, file.specification(), file.revision(), SPECIFICATION, OLDEST, NEWEST));
    }
    TransformerVariables variables = new TransformerVariables(folder, file, weights, kernels);
    variables.refuseOtherSettings();
    boolean distances =
        weights.has("encoder/layer_0/self_attention/relative_attention_bias")
            || weights.has("decoder/layer_0/self_attention/relative_attention_bias");
    return distances ? variables.withDistances() : variables.withPositions();
  }

  private static Optional<Double> epsilon(Path folder) {
    Path config = folder.resolve("config.json");
    if (!Files.isRegularFile(config)) {
      return Optional.empty();
    }
    ModelConfig read = ModelConfig.readFile(config);
    return read.has("layer_norm_epsilon")
        ? Optional.of(read.above0("layer_norm_epsilon"))
        : Optional.empty();
  }

  private void refuseOtherSettings() {
    for (Map.Entry<String, Double> setting : file.settings().entrySet()) {
      String name = setting.getKey();
      String last = name.substring(name.lastIndexOf('/') + 1);
      boolean off = OFF.contains(last) && setting.getValue() == 0;
      if (!off && !SETTINGS.contains(last)) {
        throw names.wrong(
            "has the setting %s (%s), which might change what the model computes and is not known"
                    .formatted(name, setting.getValue())
                + " here");
      }
    }
  }

  private void refuseOtherVariables() {
    for (String name : weights.unused()) {
      throw names.wrong("has the variable %s, which is not known here".formatted(name));
    }
  }

  /** What scores are multiplied by must be what the architecture multiplies them by. */
  private void checkQueriesScales(double known) {
    for (Map.Entry<String, Double> setting : file.settings().entrySet()) {
      boolean scale = setting.getKey().endsWith("/queries_scale");
      if (scale && Math.abs(setting.getValue() / known - 1) > TOLERANCE) {
        throw names.wrong(
            "has %s %s; supported is %s".formatted(setting.getKey(), setting.getValue(), known));
      }
    }
  }

  private String sourceWords() {
    String only = "encoder/embeddings/weight";
    return weights.has(only) ? only : "encoder/embeddings_0/weight";
  }

  private ModelConfig config(ObjectNode root) {
    return ModelConfig.of(folder.resolve("model.bin"), root);
  }

  /** BART and its kin: positions are added to the embeddings. */
  private EncoderDecoder withPositions() {
    Tensor read = names.move(sourceWords(), "encoder.embed_tokens.weight");
    Tensor written = names.move("decoder/embeddings/weight", "decoder.embed_tokens.weight");
    int width = (int) written.dimension(1);
    if (read.dimension(1) != width) {
      throw names.wrong(
          "has embeddings of %d numbers in the encoder and of %d in the decoder"
              .formatted(read.dimension(1), width));
    }
    if (epsilon.isPresent() && epsilon.get().floatValue() != (float) BartLike.EPSILON) {
      throw new ModelException(
          "%s: config.json has layer_norm_epsilon %s; supported is %s"
              .formatted(folder, epsilon.get(), BartLike.EPSILON));
    }
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    for (String side : List.of("encoder", "decoder")) {
      root.put(side, names.activation(side, RELU));
      names.move(side + "/position_encodings/encodings", side + ".embed_positions.weight");
      for (String norm : List.of("layer_norm", "layernorm_embedding")) {
        if (weights.has(side + "/" + norm + "/gamma")) {
          names.norm(side + "/" + norm, side + "." + norm);
        }
      }
      for (int i = 0; i < names.layers(side); i++) {
        String from = side + "/layer_" + i + "/";
        String to = side + ".layers." + i + ".";
        names.attention(from + "self_attention/", to, "self_attn");
        if (side.equals("decoder")) {
          names.crossAttention(from + "attention/", to, "encoder_attn");
        }
        names.feedForward(from + "ffn/", to);
      }
    }
    names.move("decoder/projection/weight", "lm_head.weight");
    if (weights.has("decoder/projection/bias")) {
      names.move("decoder/projection/bias", "lm_head.bias");
    }
    refuseOtherVariables();
    Checkpoint checkpoint = new Checkpoint(config(root), names.renamed(), kernels, false);
    return new EncoderDecoder(
        encoder(checkpoint, width, read),
        decoder(checkpoint, width, written),
        file.flag("decoder/start_from_zero_embedding", false));
  }

  private BartLike parts(Checkpoint checkpoint, String side, int width) {
    long inner = weights.any(side + "/layer_0/ffn/linear_0/weight").dimension(0);
    BartSizes.Side sizes =
        new BartSizes.Side(names.layers(side), names.heads(side, width), (int) inner);
    checkQueriesScales(1 / Math.sqrt((double) width / sizes.heads()));
    Activation activation = Sizes.activation(checkpoint.config(), side, "relu");
    return new BartLike(
        checkpoint,
        new BartSizes(width, sizes, sizes, activation),
        file.flag(side + "/pre_norm", true),
        true);
  }

  private Encoder encoder(Checkpoint checkpoint, int width, Tensor words) {
    BartLike parts = parts(checkpoint, "encoder", width);
    float[] positions = positions(checkpoint, "encoder", width);
    return new StackedEncoder(
        parts.encoder("encoder.", norm(parts, "encoder.layer_norm")),
        positions.length / width,
        words,
        scale("encoder", width),
        positions,
        DecoderStack.NO_PADDING,
        norm(parts, "encoder.layernorm_embedding"));
  }

  private Decoder decoder(Checkpoint checkpoint, int width, Tensor words) {
    BartLike parts = parts(checkpoint, "decoder", width);
    float[] positions = positions(checkpoint, "decoder", width);
    int vocabulary = (int) words.dimension(0);
    float[] bias =
        checkpoint.weights().has("lm_head.bias")
            ? checkpoint.floats("lm_head.bias", vocabulary)
            : new float[vocabulary];
    return new DecoderStack(
        kernels,
        checkpoint.modules(),
        parts.sizes().cache(),
        positions.length / width,
        words,
        scale("decoder", width),
        positions,
        DecoderStack.NO_PADDING,
        norm(parts, "decoder.layernorm_embedding"),
        List.of(),
        parts.decoder("decoder."),
        norm(parts, "decoder.layer_norm"),
        Optional.of(
            checkpoint.head(
                checkpoint.weights().tensor("lm_head.weight", vocabulary, width),
                (float) file.setting("decoder/scale_outputs").orElse(1),
                bias)),
        0);
  }

  private static Norm norm(BartLike parts, String name) {
    return parts.checkpoint().weights().has(name + ".weight") ? parts.norm(name) : Norm.NONE;
  }

  private static float[] positions(Checkpoint checkpoint, String side, int width) {
    Tensor stored = checkpoint.weights().any(side + ".embed_positions.weight");
    return stored.expect(stored.dimension(0), width).floats();
  }

  /** The setting is a number, or whether it is the root of the width. */
  private float scale(String side, int width) {
    String name = side + "/scale_embeddings";
    if (file.setting(name).isPresent() && !file.isFlag(name)) {
      return (float) file.setting(name).getAsDouble();
    }
    return file.flag(name, true) ? (float) Math.sqrt(width) : 1;
  }

  /** T5: a bias of distances, and no positions. */
  private EncoderDecoder withDistances() {
    Tensor words = names.move("decoder/embeddings/weight", "shared.weight");
    int width = (int) words.dimension(1);
    if (!names.same(sourceWords(), "decoder/embeddings/weight")) {
      throw names.wrong("has other embeddings in the encoder than in the decoder, as no T5 has");
    }
    if (scale("encoder", width) != 1 || scale("decoder", width) != 1) {
      throw names.wrong("has scale_embeddings on beside a bias of distances, as no T5 has");
    }
    if (file.flag("decoder/start_from_zero_embedding", false)) {
      throw names.wrong("has start_from_zero_embedding on beside a bias of distances");
    }
    checkQueriesScales(1);
    String attention = "encoder/layer_0/self_attention/";
    long queries = weights.any(attention + "linear_0/weight").dimension(0) / 3;
    int heads = names.heads("encoder", queries);
    if (heads != names.heads("decoder", queries)) {
      throw names.wrong("has other numbers of heads in the encoder than in the decoder");
    }
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("model_type", "t5");
    root.put("vocab_size", words.dimension(0));
    root.put("d_model", width);
    root.put("d_kv", queries / heads);
    root.put("num_heads", heads);
    root.put("d_ff", weights.any("encoder/layer_0/ffn/linear_0/weight").dimension(0));
    root.put("num_layers", names.layers("encoder"));
    root.put("num_decoder_layers", names.layers("decoder"));
    root.put("n_positions", Short.MAX_VALUE);
    root.put("feed_forward_proj", feedForward());
    root.put("relative_attention_max_distance", file.whole(attention + FARTHEST));
    root.put("relative_attention_num_buckets", weights.any(attention + DISTANCES).dimension(0));
    root.put("scale_decoder_outputs", scaledOutputs(width));
    root.put("tie_word_embeddings", false);
    epsilon.ifPresent(value -> root.put("layer_norm_epsilon", value));
    names.move("decoder/projection/weight", "lm_head.weight");
    for (String side : List.of("encoder", "decoder")) {
      names.move(side + "/layer_norm/gamma", side + ".final_layer_norm.weight");
      for (int i = 0; i < names.layers(side); i++) {
        distanceLayer(side, i);
      }
    }
    refuseOtherVariables();
    return T5.open(new Checkpoint(config(root), names.renamed(), kernels, false));
  }

  private boolean scaledOutputs(int width) {
    OptionalDouble scale = file.setting("decoder/scale_outputs");
    if (scale.isPresent() && Math.abs(scale.getAsDouble() * Math.sqrt(width) - 1) > TOLERANCE) {
      throw names.wrong(
          "has decoder/scale_outputs %s; supported is one by the root of the width %d"
              .formatted(scale.getAsDouble(), width));
    }
    return scale.isPresent();
  }

  private String feedForward() {
    String activation = names.activation("encoder", RELU);
    if (!activation.equals(names.activation("decoder", RELU))) {
      throw names.wrong("has another activation in the encoder than in the decoder");
    }
    if (!weights.has("encoder/layer_0/ffn/" + GATE + "/weight")) {
      return activation;
    }
    return switch (activation) {
      case "relu", "silu" -> "gated-" + activation;
      case "gelu_new" -> "gated-gelu";
      default -> throw names.wrong("has a gate with the activation " + activation);
    };
  }

  private void distanceLayer(String side, int index) {
    String from = side + "/layer_" + index + "/";
    String to = side + ".block." + index + ".layer.";
    String attention = from + "self_attention/";
    distanceAttention(attention, to + "0.");
    names.plain(attention + "linear_0", to + "0.SelfAttention.", "q", "k", "v");
    names.plain(attention + "linear_1", to + "0.SelfAttention.", "o");
    if (index == 0) {
      names.move(attention + DISTANCES, to + "0.SelfAttention.relative_attention_bias.weight");
    }
    checkDistances(attention);
    int last = 1;
    if (side.equals("decoder")) {
      String cross = from + "attention/";
      distanceAttention(cross, to + "1.");
      names.plain(cross + "linear_0", to + "1.EncDecAttention.", "q");
      names.plain(cross + "linear_1", to + "1.EncDecAttention.", "k", "v");
      names.plain(cross + "linear_2", to + "1.EncDecAttention.", "o");
      last = 2;
    }
    String wide = to + last + ".DenseReluDense.";
    boolean gated = weights.has(from + "ffn/" + GATE + "/weight");
    names.move(from + "ffn/layer_norm/gamma", to + last + ".layer_norm.weight");
    names.plain(from + "ffn/linear_0", wide, gated ? "wi_0" : "wi");
    names.plain(from + "ffn/linear_1", wide, "wo");
    if (gated) {
      names.plain(from + "ffn/" + GATE, wide, "wi_1");
    }
  }

  private void distanceAttention(String from, String to) {
    names.move(from + "layer_norm/gamma", to + "layer_norm.weight");
    if (file.setting(from + "queries_scale").isEmpty()) {
      throw names.wrong("has no %squeries_scale, which a T5 has".formatted(from));
    }
  }

  /** All layers of a side have the bias of its first one. */
  private void checkDistances(String attention) {
    String first = attention.substring(0, attention.indexOf('/')) + "/layer_0/self_attention/";
    boolean same =
        names.same(attention + DISTANCES, first + DISTANCES)
            || Arrays.equals(
                weights.any(attention + DISTANCES).floats(),
                weights.any(first + DISTANCES).floats());
    int farthest = file.whole("encoder/layer_0/self_attention/" + FARTHEST);
    if (!same || file.whole(attention + FARTHEST) != farthest) {
      throw names.wrong(
          "has a bias of distances of its own in %s, as UMT5 has, which is not known here"
              .formatted(attention + DISTANCES));
    }
  }
}
