package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * M2M-100 and NLLB: what goes into a part is normalised, positions by sines and cosines.
 *
 * <p>Papers: <a href="https://arxiv.org/abs/2010.11125">Fan et al., 2020</a>, <a
 * href="https://arxiv.org/abs/2207.04672">NLLB team, 2022</a>. Reference implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/m2m_100/modeling_m2m_100.py">transformers,
 * modeling_m2m_100.py</a>.
 */
final class M2m100 {
  private static final Set<String> CLASSES =
      Set.of("M2M100ForConditionalGeneration", "M2M100Model");

  private M2m100() {}

  static EncoderDecoder open(Checkpoint checkpoint) {
    ModelConfig file = checkpoint.config();
    BartSizes sizes = BartSizes.read(file, "m2m_100", CLASSES);
    file.ignore("max_length", "add_bias_logits", "extra_pos_embeddings");
    file.off("add_final_layer_norm");
    file.off("normalize_embedding");
    if (!file.flag("normalize_before", true)) {
      throw file.wrong("normalize_before", "true");
    }
    if (!file.flag("static_position_embeddings", true)) {
      throw file.wrong("static_position_embeddings", "true");
    }
    int vocabulary = file.positive("vocab_size");
    int positions = file.positive("max_position_embeddings", 1024);
    int padding = file.whole("pad_token_id", 1);
    float scale = file.flag("scale_embedding", true) ? (float) Math.sqrt(sizes.width()) : 1;
    boolean tied = file.flag("tie_word_embeddings", true);
    file.refuseOthers();
    BartLike parts = new BartLike(checkpoint, sizes, true, true);
    String root = checkpoint.root("encoder.layer_norm.weight", "model.");
    String encoderAt = root + "encoder.";
    String decoderAt = root + "decoder.";
    String encoderWords = encoderAt + "embed_tokens";
    String decoderWords = decoderAt + "embed_tokens";
    Tensor sourceWords = parts.words(vocabulary, encoderWords, root + "shared", decoderWords);
    Tensor targetWords = parts.words(vocabulary, decoderWords, root + "shared", encoderWords);
    float[] sines = Sines.halves(padding + 1, positions, sizes.width());
    checkpoint.weights().ignore(encoderAt + "embed_positions.weights");
    checkpoint.weights().ignore(decoderAt + "embed_positions.weights");
    Encoder encoder =
        new StackedEncoder(
            parts.encoder(encoderAt, parts.norm(encoderAt + "layer_norm")),
            positions,
            sourceWords,
            scale,
            sines,
            padding,
            Norm.NONE);
    boolean headless = file.texts("architectures").equals(List.of("M2M100Model"));
    Decoder decoder =
        new DecoderStack(
            checkpoint.kernels(),
            checkpoint.modules(),
            sizes.cache(),
            positions,
            targetWords,
            scale,
            sines,
            padding,
            Norm.NONE,
            List.of(),
            parts.decoder(decoderAt),
            parts.norm(decoderAt + "layer_norm"),
            headless ? Optional.empty() : Optional.of(parts.head(targetWords, tied)),
            0);
    checkpoint.refuseOthers("M2M-100");
    return new EncoderDecoder(encoder, decoder);
  }
}
