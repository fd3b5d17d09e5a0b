package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import java.util.Optional;

/**
 * DistilBERT: BERT with half the layers, no token types and no pooler.
 *
 * <p>Paper: <a href="https://arxiv.org/abs/1910.01108">Sanh et al., 2019</a>. Reference
 * implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/distilbert/modeling_distilbert.py">transformers,
 * modeling_distilbert.py</a>.
 */
final class DistilBert implements EncoderFamily {
  /** Written in the reference implementation's code, not in its configuration. */
  private static final float EPSILON = 1e-12f;

  private static final PostNorm.Names NAMES =
      new PostNorm.Names(
          "attention.q_lin",
          "attention.k_lin",
          "attention.v_lin",
          "attention.out_lin",
          "sa_layer_norm",
          "ffn.lin1",
          "ffn.lin2",
          "output_layer_norm");

  @Override
  public String prefix() {
    return "DistilBert";
  }

  @Override
  public Encoder encoder(ModelConfig file, Parts parts) {
    int positions = file.positive("max_position_embeddings");
    PostNorm.Sizes sizes =
        new PostNorm.Sizes(
            file.positive("vocab_size"),
            file.positive("dim"),
            file.positive("n_layers"),
            EncoderKeys.heads(file, "n_heads", "dim"),
            file.positive("hidden_dim"),
            positions,
            EPSILON,
            Sizes.activation(file, "activation"));
    file.off("pruned_heads");
    file.off("is_decoder");
    file.off("is_encoder_decoder");
    file.off("add_cross_attention");
    // Sinusoidal positions are only how training starts; the checkpoint holds the table.
    file.ignore(
        "attention_dropout",
        "dropout",
        "qa_dropout",
        "seq_classif_dropout",
        "sinusoidal_pos_embds",
        "tie_weights_");
    file.refuseOthers();
    String root = parts.root("distilbert.", "embeddings.word_embeddings.weight");
    String at = root + "embeddings.";
    PostNorm.Embeddings embeddings =
        new PostNorm.Embeddings(
            parts
                .weights()
                .tensor(at + "word_embeddings.weight", sizes.vocabulary(), sizes.width()),
            parts.table(at + "position_embeddings", positions, sizes.width()),
            new float[0],
            parts.norm(at + "LayerNorm", sizes.width()),
            Optional.empty());
    PostNorm distilled =
        new PostNorm(
            sizes,
            parts.kernels(),
            embeddings,
            PostNorm.plain(sizes, parts.kernels()),
            NAMES.layers(sizes, parts, root + "transformer.layer."));
    parts.weights().ignore(at + "position_ids");
    parts.refuseOthers(at, root + "transformer.");
    return distilled;
  }

  @Override
  public Optional<Head> head(ModelConfig file, Weights weights, Kernels kernels) {
    Parts parts = new Parts(weights, kernels);
    HeadParts heads = new HeadParts(file, parts, file.positive("dim"));
    return switch (EncoderTask.of(file, prefix())) {
      case STATES -> Optional.empty();
      case MASKED ->
          Optional.of(
              heads.masked(
                  "vocab_transform",
                  Sizes.activation(file, "activation"),
                  "vocab_layer_norm",
                  EPSILON,
                  "distilbert.embeddings.word_embeddings",
                  "vocab_projector",
                  "vocab_projector.bias"));
      case SEQUENCE -> Optional.of(heads.sequence("pre_classifier", Activation.RELU, "classifier"));
      case TOKENS -> Optional.of(heads.tokens("classifier"));
    };
  }
}
