package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import java.util.Optional;

/**
 * BERT, the encoder.
 *
 * <p>Paper: <a href="https://arxiv.org/abs/1810.04805">Devlin et al., 2018</a>. Reference
 * implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/bert/modeling_bert.py">transformers,
 * modeling_bert.py</a>.
 */
final class Bert implements EncoderFamily {
  /** What BERT and RoBERTa call the pieces of a block. */
  static final PostNorm.Names NAMES =
      new PostNorm.Names(
          "attention.self.query",
          "attention.self.key",
          "attention.self.value",
          "attention.output.dense",
          "attention.output.LayerNorm",
          "intermediate.dense",
          "output.dense",
          "output.LayerNorm");

  @Override
  public String prefix() {
    return "Bert";
  }

  /** The sizes in the {@code config.json} of BERT, and of those who write the same keys. */
  static PostNorm.Sizes sizes(ModelConfig file, int maxTokens) {
    file.only("position_embedding_type", "absolute");
    file.off("is_decoder");
    file.off("is_encoder_decoder");
    file.off("add_cross_attention");
    file.off("pruned_heads");
    return new PostNorm.Sizes(
        file.positive("vocab_size"),
        file.positive("hidden_size"),
        file.positive("num_hidden_layers"),
        EncoderKeys.heads(file, "num_attention_heads", "hidden_size"),
        file.positive("intermediate_size"),
        maxTokens,
        (float) file.above0("layer_norm_eps"),
        Sizes.activation(file, "hidden_act"));
  }

  @Override
  public Encoder encoder(ModelConfig file, Parts parts) {
    int positions = file.positive("max_position_embeddings");
    PostNorm.Sizes sizes = sizes(file, positions);
    int types = file.positive("type_vocab_size");
    file.ignore(
        "directionality",
        "pooler_fc_size",
        "pooler_num_attention_heads",
        "pooler_num_fc_layers",
        "pooler_size_per_head",
        "pooler_type");
    file.refuseOthers();
    String root = parts.root("bert.", "embeddings.word_embeddings.weight");
    String at = root + "embeddings.";
    int width = sizes.width();
    PostNorm.Embeddings embeddings =
        new PostNorm.Embeddings(
            parts.weights().tensor(at + "word_embeddings.weight", sizes.vocabulary(), width),
            parts.table(at + "position_embeddings", positions, width),
            parts.table(at + "token_type_embeddings", types, width),
            parts.norm(at + "LayerNorm", width),
            Optional.empty());
    PostNorm bert =
        new PostNorm(
            sizes,
            parts.kernels(),
            embeddings,
            PostNorm.plain(sizes, parts.kernels()),
            NAMES.layers(sizes, parts, root + "encoder.layer."));
    parts.weights().ignore(at + "position_ids");
    parts.refuseOthers(at, root + "encoder.");
    return bert;
  }

  @Override
  public Optional<Head> head(ModelConfig file, Weights weights, Kernels kernels) {
    Parts parts = new Parts(weights, kernels);
    HeadParts heads = new HeadParts(file, parts, file.positive("hidden_size"));
    return switch (EncoderTask.of(file, prefix())) {
      case STATES -> Optional.empty();
      case MASKED ->
          Optional.of(
              heads.masked(
                  "cls.predictions.transform.dense",
                  Sizes.activation(file, "hidden_act"),
                  "cls.predictions.transform.LayerNorm",
                  (float) file.above0("layer_norm_eps"),
                  "bert.embeddings.word_embeddings",
                  "cls.predictions.decoder",
                  "cls.predictions.bias"));
      case SEQUENCE ->
          Optional.of(heads.sequence("bert.pooler.dense", Activation.TANH, "classifier"));
      case TOKENS -> Optional.of(heads.tokens("classifier"));
    };
  }
}
