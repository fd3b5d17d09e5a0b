package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Marian as Hugging Face has it (OPUS-MT): sums normalised, positions by sines and cosines.
 *
 * <p>Paper: <a href="https://arxiv.org/abs/1804.00344">Junczys-Dowmunt et al., 2018</a>. Reference
 * implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/marian/modeling_marian.py">transformers,
 * modeling_marian.py</a>.
 */
final class Marian {
  private static final Set<String> CLASSES = Set.of("MarianMTModel", "MarianModel");

  private Marian() {}

  static EncoderDecoder open(Checkpoint checkpoint) {
    ModelConfig file = checkpoint.config();
    BartSizes sizes = BartSizes.read(file, "marian", CLASSES);
    file.off("normalize_before");
    file.off("add_final_layer_norm");
    file.off("normalize_embedding");
    if (!file.flag("static_position_embeddings", true)) {
      throw file.wrong("static_position_embeddings", "true");
    }
    file.ignore("add_bias_logits", "extra_pos_embeddings");
    int sourceVocabulary = file.positive("vocab_size");
    int targetVocabulary = file.positive("decoder_vocab_size", sourceVocabulary);
    int positions = file.positive("max_position_embeddings", 1024);
    float scale = file.flag("scale_embedding", false) ? (float) Math.sqrt(sizes.width()) : 1;
    boolean shared = file.flag("share_encoder_decoder_embeddings", true);
    boolean tied = file.flag("tie_word_embeddings", true);
    file.refuseOthers();
    BartLike parts = new BartLike(checkpoint, sizes, false, true);
    String root = checkpoint.root("encoder.layers.0.fc1.weight", "model.");
    String encoderAt = root + "encoder.";
    String decoderAt = root + "decoder.";
    String encoderWords = encoderAt + "embed_tokens";
    String decoderWords = decoderAt + "embed_tokens";
    Tensor sourceWords;
    Tensor targetWords;
    if (shared) {
      sourceWords = parts.words(sourceVocabulary, encoderWords, root + "shared", decoderWords);
      targetWords = parts.words(targetVocabulary, decoderWords, root + "shared", encoderWords);
    } else {
      sourceWords = parts.words(sourceVocabulary, encoderWords);
      targetWords = parts.words(targetVocabulary, decoderWords);
    }
    float[] sines = Sines.interleaved(positions, sizes.width());
    checkpoint.weights().ignore(encoderAt + "embed_positions.weight");
    checkpoint.weights().ignore(decoderAt + "embed_positions.weight");
    Encoder encoder =
        new StackedEncoder(
            parts.encoder(encoderAt, Norm.NONE),
            positions,
            sourceWords,
            scale,
            sines,
            DecoderStack.NO_PADDING,
            Norm.NONE);
    boolean headless = file.texts("architectures").equals(List.of("MarianModel"));
    Decoder decoder =
        new DecoderStack(
            checkpoint.kernels(),
            checkpoint.modules(),
            sizes.cache(),
            positions,
            targetWords,
            scale,
            sines,
            DecoderStack.NO_PADDING,
            Norm.NONE,
            List.of(),
            parts.decoder(decoderAt),
            Norm.NONE,
            headless ? Optional.empty() : Optional.of(parts.head(targetWords, tied)),
            0);
    checkpoint.refuseOthers("Marian");
    return new EncoderDecoder(encoder, decoder);
  }
}
