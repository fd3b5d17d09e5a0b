package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.WeightType;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Kernels;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** The architectures that are known. One more is one more file, and one more line here. */
public final class Architectures {
  private static final Map<String, EncoderFamily> ENCODERS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("bart", new BartClassifier()),
              Map.entry("bert", new Bert()),
              Map.entry("camembert", new Roberta("Camembert")),
              Map.entry("deberta-v2", new DebertaV2()),
              Map.entry("distilbert", new DistilBert()),
              Map.entry("modernbert", new ModernBert()),
              Map.entry("roberta", new Roberta("Roberta")),
              Map.entry("xlm-roberta", new Roberta("XLMRoberta"))));

  private static final Map<String, Function<Checkpoint, Decoder>> DECODERS =
      new TreeMap<>(
          Map.of(
              "gemma3_text",
              Gemma3::open,
              "gpt2",
              Gpt2::open,
              "llama",
              Llama::open,
              "mistral",
              Mistral::open,
              "phi3",
              Phi3::open,
              "qwen2",
              Qwen2::open,
              "qwen3",
              Qwen3::open));

  private static final Map<String, Function<Checkpoint, EncoderDecoder>> ENCODER_DECODERS =
      new TreeMap<>(
          Map.of(
              "bart",
              Bart::open,
              "m2m_100",
              M2m100::open,
              "marian",
              Marian::open,
              "mt5",
              T5::openMultilingual,
              "t5",
              T5::open));

  private Architectures() {}

  /** Whether the file describes a model that reads one text and writes another. */
  public static boolean isEncoderDecoder(ModelConfig config) {
    return config.has("model_type")
        && ENCODER_DECODERS.containsKey(config.text("model_type"))
        && !isEncoder(config);
  }

  /**
   * The encoder and decoder that a folder's {@code config.json} describes.
   *
   * @throws ModelException if its {@code model_type} is not known, or the weights do not fit it
   */
  public static EncoderDecoder encoderDecoder(
      ModelConfig config, Weights weights, Kernels kernels) {
    Function<Checkpoint, EncoderDecoder> opener = ENCODER_DECODERS.get(config.text("model_type"));
    if (opener == null) {
      throw config.wrong("model_type", String.join(" or ", ENCODER_DECODERS.keySet()));
    }
    return opener.apply(new Checkpoint(config, weights, kernels, false));
  }

  /**
   * The encoder and decoder in a folder of Hugging Face or of CTranslate2, or in a file of Marian.
   *
   * @param path that the weights were opened from
   * @throws ModelException if the architecture is not known, or the weights do not fit it
   */
  public static EncoderDecoder encoderDecoder(Path path, Weights weights, Kernels kernels) {
    return weights
        .ctranslate2()
        .map(file -> TransformerVariables.open(path, file, weights, kernels))
        .or(() -> weights.marian().map(file -> MarianVariables.open(path, file, weights, kernels)))
        .orElseGet(() -> encoderDecoder(ModelConfig.read(path), weights, kernels));
  }

  /** Whether the file describes an encoder that is known. */
  public static boolean isEncoder(ModelConfig config) {
    return config.has("model_type")
        && ENCODERS.containsKey(config.text("model_type"))
        && ENCODERS.get(config.text("model_type")).takes(config);
  }

  /**
   * The encoder that a folder's {@code config.json} describes.
   *
   * @throws ModelException if its {@code model_type} is not known, or the weights do not fit it
   */
  public static Encoder encoder(ModelConfig config, Weights weights, Kernels kernels) {
    return encoder(config, weights, kernels, WeightType.F32);
  }

  /** The same, with the weights of its linear layers as this type. */
  public static Encoder encoder(
      ModelConfig config, Weights weights, Kernels kernels, WeightType type) {
    EncoderFamily family = family(config);
    EncoderTask.of(config, family.prefix());
    return family.encoder(config, new Parts(weights, kernels, type));
  }

  /**
   * The head that belongs on that encoder; empty if the checkpoint has none.
   *
   * @throws ModelException if its {@code model_type} is not known, or the weights do not fit it
   */
  public static Optional<Head> head(ModelConfig config, Weights weights, Kernels kernels) {
    return family(config).head(config, weights, kernels);
  }

  /** What that encoder was trained for. */
  public static EncoderTask task(ModelConfig config) {
    return EncoderTask.of(config, family(config).prefix());
  }

  private static EncoderFamily family(ModelConfig config) {
    EncoderFamily family = ENCODERS.get(config.text("model_type"));
    if (family == null || !family.takes(config)) {
      throw config.wrong(
          "model_type", "one of an encoder: " + String.join(" or ", ENCODERS.keySet()));
    }
    return family;
  }

  /**
   * Whether a folder's {@code config.json} describes a decoder, and not an encoder.
   *
   * @throws ModelException if it describes neither
   */
  public static boolean isDecoder(ModelConfig config) {
    if (DECODERS.containsKey(config.text("model_type"))) {
      return true;
    }
    if (isEncoder(config)) {
      return false;
    }
    throw config.wrong(
        "model_type",
        String.join(" or ", ENCODERS.keySet()) + " or " + String.join(" or ", DECODERS.keySet()));
  }

  /**
   * The decoder that a folder's {@code config.json} describes.
   *
   * @throws ModelException if its {@code model_type} is not known, or the weights do not fit it
   */
  public static Decoder decoder(ModelConfig config, Weights weights, Kernels kernels) {
    return decoder(new Checkpoint(config, weights, kernels, false));
  }

  /**
   * The decoder in a folder of Hugging Face or in a GGUF file.
   *
   * @param path the folder or file that the weights were opened from
   * @throws ModelException if its architecture is not known, or the weights do not fit it
   */
  public static Decoder decoder(Path path, Weights weights, Kernels kernels) {
    return decoder(
        weights
            .gguf()
            .map(gguf -> GgufCheckpoint.read(path, gguf, weights, kernels))
            .orElseGet(() -> new Checkpoint(ModelConfig.read(path), weights, kernels, false)));
  }

  private static Decoder decoder(Checkpoint checkpoint) {
    ModelConfig config = checkpoint.config();
    Function<Checkpoint, Decoder> opener = DECODERS.get(config.text("model_type"));
    if (opener == null) {
      throw config.wrong("model_type", String.join(" or ", DECODERS.keySet()));
    }
    return opener.apply(checkpoint);
  }
}
