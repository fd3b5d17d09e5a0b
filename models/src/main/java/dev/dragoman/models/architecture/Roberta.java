package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import java.util.Optional;

/**
 * RoBERTa, XLM-RoBERTa and CamemBERT: BERT's blocks, but positions count from the padding token's
 * id plus 1, and heads of their own.
 *
 * <p>Papers: <a href="https://arxiv.org/abs/1907.11692">Liu et al., 2019</a>, <a
 * href="https://arxiv.org/abs/1911.02116">Conneau et al., 2019</a>. Reference implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/xlm_roberta/modeling_xlm_roberta.py">transformers,
 * modeling_xlm_roberta.py</a>.
 */
final class Roberta implements EncoderFamily {
  private final String prefix;

  Roberta(String prefix) {
    this.prefix = prefix;
  }

  @Override
  public String prefix() {
    return prefix;
  }

  @Override
  public Encoder encoder(ModelConfig file, Parts parts) {
    int positions = file.positive("max_position_embeddings");
    int padding = file.whole("pad_token_id", 1);
    if (positions <= padding + 1) {
      throw file.wrong("max_position_embeddings", "more than pad_token_id + 1 = " + (padding + 1));
    }
    PostNorm.Sizes sizes = Bert.sizes(file, positions - padding - 1);
    int types = file.positive("type_vocab_size");
    file.refuseOthers();
    String root = parts.root("roberta.", "embeddings.word_embeddings.weight");
    String at = root + "embeddings.";
    int width = sizes.width();
    PostNorm.Embeddings embeddings =
        new PostNorm.Embeddings(
            parts.weights().tensor(at + "word_embeddings.weight", sizes.vocabulary(), width),
            parts.table(at + "position_embeddings", positions, width),
            parts.table(at + "token_type_embeddings", types, width),
            parts.norm(at + "LayerNorm", width),
            Optional.of(padding));
    PostNorm roberta =
        new PostNorm(
            sizes,
            parts.kernels(),
            embeddings,
            PostNorm.plain(sizes, parts.kernels()),
            Bert.NAMES.layers(sizes, parts, root + "encoder.layer."));
    parts.weights().ignore(at + "position_ids");
    parts.refuseOthers(at, root + "encoder.");
    return roberta;
  }

  @Override
  public Optional<Head> head(ModelConfig file, Weights weights, Kernels kernels) {
    Parts parts = new Parts(weights, kernels);
    HeadParts heads = new HeadParts(file, parts, file.positive("hidden_size"));
    return switch (EncoderTask.of(file, prefix)) {
      case STATES -> Optional.empty();
      case MASKED ->
          Optional.of(
              heads.masked(
                  "lm_head.dense",
                  Activation.GELU,
                  "lm_head.layer_norm",
                  (float) file.above0("layer_norm_eps"),
                  "roberta.embeddings.word_embeddings",
                  "lm_head.decoder",
                  "lm_head.bias"));
      case SEQUENCE ->
          Optional.of(heads.sequence("classifier.dense", Activation.TANH, "classifier.out_proj"));
      case TOKENS -> Optional.of(heads.tokens("classifier"));
    };
  }
}
