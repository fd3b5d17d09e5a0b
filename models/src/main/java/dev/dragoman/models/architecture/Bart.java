package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * BART: learned positions, sums normalised, embeddings too.
 *
 * <p>Paper: <a href="https://arxiv.org/abs/1910.13461">Lewis et al., 2019</a>. Reference
 * implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/bart/modeling_bart.py">transformers,
 * modeling_bart.py</a>.
 */
final class Bart {
  private static final Set<String> CLASSES =
      Set.of("BartForConditionalGeneration", "BartForSequenceClassification", "BartModel");

  /** The first two positions are left free, as in fairseq. */
  private static final int OFFSET = 2;

  private Bart() {}

  static EncoderDecoder open(Checkpoint checkpoint) {
    ModelConfig file = checkpoint.config();
    BartSizes sizes = BartSizes.read(file, "bart", CLASSES);
    file.off("normalize_before");
    file.off("add_final_layer_norm");
    file.off("static_position_embeddings");
    if (!file.flag("normalize_embedding", true)) {
      throw file.wrong("normalize_embedding", "true");
    }
    file.ignore(
        "add_bias_logits",
        "extra_pos_embeddings",
        "force_bos_token_to_be_generated",
        "replacing_rate",
        "save_step",
        "student_decoder_layers",
        "student_encoder_layers");
    int vocabulary = file.positive("vocab_size");
    int positions = file.positive("max_position_embeddings", 1024);
    float scale = file.flag("scale_embedding", false) ? (float) Math.sqrt(sizes.width()) : 1;
    boolean tied = file.flag("tie_word_embeddings", true);
    file.refuseOthers();
    BartLike parts = new BartLike(checkpoint, sizes, false, true);
    String root = checkpoint.root("encoder.layernorm_embedding.weight", "model.");
    String encoderAt = root + "encoder.";
    String decoderAt = root + "decoder.";
    Tensor sourceWords =
        parts.words(
            vocabulary, encoderAt + "embed_tokens", root + "shared", decoderAt + "embed_tokens");
    Tensor targetWords =
        parts.words(
            vocabulary, decoderAt + "embed_tokens", root + "shared", encoderAt + "embed_tokens");
    Encoder encoder =
        new StackedEncoder(
            parts.encoder(encoderAt, Norm.NONE),
            positions,
            sourceWords,
            scale,
            positions(checkpoint, encoderAt, positions, sizes.width()),
            DecoderStack.NO_PADDING,
            parts.norm(encoderAt + "layernorm_embedding"));
    Decoder decoder =
        new DecoderStack(
            checkpoint.kernels(),
            checkpoint.modules(),
            sizes.cache(),
            positions,
            targetWords,
            scale,
            positions(checkpoint, decoderAt, positions, sizes.width()),
            DecoderStack.NO_PADDING,
            parts.norm(decoderAt + "layernorm_embedding"),
            List.of(),
            parts.decoder(decoderAt),
            Norm.NONE,
            headless(file) ? Optional.empty() : Optional.of(parts.head(targetWords, tied)),
            0);
    for (String name : List.of("dense", "out_proj")) {
      checkpoint.weights().ignore("classification_head." + name + ".weight");
      checkpoint.weights().ignore("classification_head." + name + ".bias");
    }
    checkpoint.weights().ignore("encoder.version");
    checkpoint.weights().ignore("decoder.version");
    checkpoint.refuseOthers("BART");
    return new EncoderDecoder(encoder, decoder);
  }

  private static boolean headless(ModelConfig file) {
    List<String> classes = file.texts("architectures");
    return !classes.isEmpty() && !classes.contains("BartForConditionalGeneration");
  }

  private static float[] positions(Checkpoint checkpoint, String at, int positions, int width) {
    float[] all =
        checkpoint
            .weights()
            .tensor(at + "embed_positions.weight", positions + OFFSET, width)
            .floats();
    return Arrays.copyOfRange(all, OFFSET * width, all.length);
  }
}
