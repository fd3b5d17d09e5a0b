package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.format.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The decoder of TrOCR, which writes what is printed or written by hand in the picture of a line:
 * that of BART.
 *
 * <p>Paper: <a href="https://arxiv.org/abs/2109.10282">Li et al., 2021</a>. Reference
 * implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/trocr/modeling_trocr.py">transformers,
 * modeling_trocr.py</a>.
 */
final class TrOcr {
  /** Positions are stored after so many rows that nobody uses. */
  private static final int OFFSET = 2;

  private TrOcr() {}

  /**
   * The decoder whose tensors have no prefix.
   *
   * @param seen width of the states it looks at
   */
  static Decoder open(Checkpoint checkpoint, int seen) {
    ModelConfig file = checkpoint.config();
    file.only("model_type", "trocr");
    file.off("is_encoder_decoder");
    file.off("pruned_heads");
    file.off("tie_encoder_decoder");
    file.ignore(
        "activation_dropout",
        "add_cross_attention",
        "architectures",
        "attention_dropout",
        "classifier_dropout",
        "cross_attention_hidden_size",
        "decoder_layerdrop",
        "dropout",
        "init_std",
        "is_decoder");
    int width = file.positive("d_model", 1024);
    BartSizes.Side side =
        new BartSizes.Side(
            file.positive("decoder_layers", 12),
            file.positive("decoder_attention_heads", 16),
            file.positive("decoder_ffn_dim", 4096));
    if (width % side.heads() != 0) {
      throw file.wrong("decoder_attention_heads", "a divisor of d_model " + width);
    }
    BartSizes sizes =
        new BartSizes(width, side, side, Sizes.activation(file, "activation_function", "gelu"));
    int vocabulary = file.positive("vocab_size", 50_265);
    int positions = file.positive("max_position_embeddings", 512);
    float scale = file.flag("scale_embedding", false) ? (float) Math.sqrt(width) : 1;
    boolean normed = file.flag("layernorm_embedding", true);
    if (!file.flag("use_learned_position_embeddings", true)) {
      throw file.wrong("use_learned_position_embeddings", "true");
    }
    boolean tied = file.flag("tie_word_embeddings", true);
    file.refuseOthers();
    BartLike parts = new BartLike(checkpoint, sizes, false, true);
    Weights weights = checkpoint.weights();
    String at = "model.decoder.";
    Tensor words = weights.tensor(at + "embed_tokens.weight", vocabulary, width);
    Tensor head =
        tied && !weights.has("output_projection.weight")
            ? words
            : weights.tensor("output_projection.weight", vocabulary, width);
    float[] learned =
        weights.tensor(at + "embed_positions.weight", positions + OFFSET, width).floats();
    Decoder decoder =
        new DecoderStack(
            checkpoint.kernels(),
            checkpoint.modules(),
            sizes.cache(),
            positions,
            words,
            scale,
            Arrays.copyOfRange(learned, OFFSET * width, learned.length),
            DecoderStack.NO_PADDING,
            normed ? parts.norm(at + "layernorm_embedding") : Norm.NONE,
            List.of(),
            parts.decoder(at, seen),
            Norm.NONE,
            Optional.of(checkpoint.head(head, 1, new float[vocabulary])),
            0);
    weights.ignore(at + "version");
    checkpoint.refuseOthers("TrOCR");
    return decoder;
  }
}
