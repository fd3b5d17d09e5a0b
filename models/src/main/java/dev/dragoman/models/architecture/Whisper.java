package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whisper: two convolutions over a log-mel spectrogram, sinusoidal positions that are stored, and
 * BART's layers with what comes in normalised and keys without a bias. Safe for use by many
 * threads, through sessions.
 *
 * <p>Paper: <a href="https://arxiv.org/abs/2212.04356">Radford et al., 2022</a>. Reference
 * implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/whisper/modeling_whisper.py">transformers,
 * modeling_whisper.py</a>.
 */
public final class Whisper {
  private static final Set<String> CLASSES =
      Set.of("WhisperForConditionalGeneration", "WhisperModel");

  private final SpeechEncoder encoder;
  private final DecoderStack decoder;

  private Whisper(SpeechEncoder encoder, DecoderStack decoder) {
    this.encoder = encoder;
    this.decoder = decoder;
  }

  /** What one thread needs to run the encoder. Allocates nothing once it is there. */
  public interface Hearing {
    /**
     * Room for the features, [frames + 2, mels], to be filled before {@link #run}; the first and
     * the last frame stay zeros.
     */
    float[] features();

    /**
     * Runs the encoder over what is in {@link #features}.
     *
     * @param layers is shown [states, width] for 0 (what the convolutions give, with positions) up
     *     to the number of layers; the last one after the final normalisation
     * @return [states, width], valid until the next call; the array may be longer than that
     */
    float[] run(Encoder.Layers layers);
  }

  /** Whether the file describes such a model. */
  public static boolean isOne(ModelConfig config) {
    return config.isText("model_type") && config.text("model_type").equals("whisper");
  }

  /**
   * The model in a folder of Hugging Face or of CTranslate2.
   *
   * @param folder that the weights were opened from
   * @throws ModelException if it is no such model, or the weights do not fit it
   */
  public static Whisper open(Path folder, Weights weights, Kernels kernels) {
    return weights
        .ctranslate2()
        .map(file -> open(WhisperVariables.checkpoint(folder, file, weights, kernels)))
        .orElseGet(() -> open(new Checkpoint(ModelConfig.read(folder), weights, kernels, false)));
  }

  private static Whisper open(Checkpoint checkpoint) {
    ModelConfig file = checkpoint.config();
    BartSizes sizes = BartSizes.read(file, "whisper", CLASSES);
    file.ignore(
        // Only changes training.
        "apply_spec_augment",
        "mask_feature_length",
        "mask_feature_min_masks",
        "mask_feature_prob",
        "mask_time_length",
        "mask_time_min_masks",
        "mask_time_prob",
        // Of audio classification.
        "classifier_proj_size",
        "use_weighted_layer_sum",
        // The reference reads it and does not use it.
        "scale_embedding",
        // Of generation.
        "forced_decoder_ids",
        "median_filter_width");
    int vocabulary = file.positive("vocab_size");
    int mels = file.positive("num_mel_bins", 80);
    int states = file.positive("max_source_positions", 1500);
    int positions = file.positive("max_target_positions", 448);
    boolean tied = file.flag("tie_word_embeddings", true);
    file.refuseOthers();
    int width = sizes.width();
    Weights weights = checkpoint.weights();
    BartLike parts = new BartLike(checkpoint, sizes, true, false);
    String root = checkpoint.root("encoder.conv1.weight", "model.");
    String encoderAt = root + "encoder.";
    String decoderAt = root + "decoder.";
    SpeechEncoder encoder =
        new SpeechEncoder(
            checkpoint.kernels(),
            mels,
            width,
            convolution(checkpoint, encoderAt + "conv1", width, mels),
            convolution(checkpoint, encoderAt + "conv2", width, width),
            weights.tensor(encoderAt + "embed_positions.weight", states, width).floats(),
            parts.encoder(encoderAt, parts.norm(encoderAt + "layer_norm")));
    Tensor words = weights.tensor(decoderAt + "embed_tokens.weight", vocabulary, width);
    DecoderStack decoder =
        new DecoderStack(
            checkpoint.kernels(),
            checkpoint.modules(),
            sizes.cache(),
            positions,
            words,
            1,
            weights.tensor(decoderAt + "embed_positions.weight", positions, width).floats(),
            DecoderStack.NO_PADDING,
            Norm.NONE,
            List.of(),
            parts.decoder(decoderAt),
            parts.norm(decoderAt + "layer_norm"),
            head(checkpoint, decoderAt, vocabulary, width, tied),
            0);
    checkpoint.refuseOthers("Whisper");
    return new Whisper(encoder, decoder);
  }

  private static Optional<Matrix> head(
      Checkpoint checkpoint, String decoderAt, int vocabulary, int width, boolean tied) {
    if (checkpoint.config().texts("architectures").equals(List.of("WhisperModel"))) {
      return Optional.empty();
    }
    boolean own = !tied || checkpoint.weights().has("proj_out.weight");
    return Optional.of(
        checkpoint.linear(own ? "proj_out" : decoderAt + "embed_tokens", vocabulary, width, false));
  }

  /** Weights stored [H, inputs, 3] as [H, 3 * inputs], the inputs of a frame together. */
  private static Matrix convolution(Checkpoint checkpoint, String name, int width, int inputs) {
    Tensor stored = checkpoint.weights().tensor(name + ".weight", width, inputs, 3);
    float[] row = new float[3 * inputs];
    return checkpoint
        .kernels()
        .pack(
            width,
            3 * inputs,
            (output, into, at) -> {
              stored.read((long) output * row.length, row, 0, row.length);
              for (int i = 0; i < row.length; i++) {
                into[at + i % 3 * inputs + i / 3] = row[i];
              }
            },
            checkpoint.floats(name + ".bias", width));
  }

  /** How many mel bands it hears. */
  public int mels() {
    return encoder.mels();
  }

  /** How many frames it hears at once. */
  public int frames() {
    return encoder.frames();
  }

  /** How many states it makes of them: half as many. */
  public int states() {
    return encoder.states();
  }

  /** The layers of the encoder, for tests. */
  int encoderLayers() {
    return encoder.stack().layers().size();
  }

  /** The decoder, which {@link Decoder.Session#remember remembers} the encoder's states. */
  public Decoder decoder() {
    return decoder;
  }

  /** Scratch for one thread. */
  public Hearing hearing() {
    return encoder.session();
  }

  /** The arithmetic it runs. */
  public Kernels kernels() {
    return encoder.kernels();
  }

  /** Scratch for one thread, to find out where the decoder looks. */
  public CrossScores crossScores() {
    return new CrossScores(encoder.kernels(), decoder);
  }
}
