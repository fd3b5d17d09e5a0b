package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.kernel.RelativePositions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * DeBERTa, versions 2 and 3: BERT's blocks with disentangled attention, in which tokens also weigh
 * how far away the others are.
 *
 * <p>Papers: <a href="https://arxiv.org/abs/2006.03654">He et al., 2020</a>, <a
 * href="https://arxiv.org/abs/2111.09543">He et al., 2021</a>. Reference implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/deberta_v2/modeling_deberta_v2.py">transformers,
 * modeling_deberta_v2.py</a>.
 *
 * <p>In the comments on shapes H is the width (hidden_size) and R the number of relative positions.
 */
final class DebertaV2 implements EncoderFamily {
  private static final PostNorm.Names NAMES =
      new PostNorm.Names(
          "attention.self.query_proj",
          "attention.self.key_proj",
          "attention.self.value_proj",
          "attention.output.dense",
          "attention.output.LayerNorm",
          "intermediate.dense",
          "output.dense",
          "output.LayerNorm");

  @Override
  public String prefix() {
    return "DebertaV2";
  }

  /**
   * How relative positions are used, from {@code config.json}.
   *
   * @param buckets into which far distances are put by their logarithm; 0 if each has its own
   * @param furthest the largest distance there is
   * @param toKeys whether queries weigh the positions of keys
   * @param toQueries whether keys weigh the positions of queries
   * @param shared whether positions are projected by the same weights as tokens
   */
  record Relative(
      boolean used,
      int buckets,
      int furthest,
      boolean normed,
      boolean toKeys,
      boolean toQueries,
      boolean shared) {
    static Relative read(ModelConfig file, int positions) {
      boolean used = file.flag("relative_attention", false);
      int buckets = Math.max(0, (int) file.number("position_buckets", -1));
      int furthest = (int) file.number("max_relative_positions", -1);
      String norm = file.text("norm_rel_ebd", "none").strip().toLowerCase(java.util.Locale.ROOT);
      if (!norm.equals("none") && !norm.equals("layer_norm")) {
        throw file.wrong("norm_rel_ebd", "none or layer_norm");
      }
      List<String> kinds = file.textsOr("pos_att_type", "\\|");
      for (String kind : kinds) {
        if (!kind.equals("c2p") && !kind.equals("p2c")) {
          throw file.wrong("pos_att_type", "c2p and p2c");
        }
      }
      return new Relative(
          used,
          buckets,
          furthest < 1 ? positions : furthest,
          norm.equals("layer_norm"),
          kinds.contains("c2p"),
          kinds.contains("p2c"),
          file.flag("share_att_key", false));
    }

    /** Distances to one side. */
    int span() {
      return buckets > 0 ? buckets : furthest;
    }

    /** How many kinds of likeness are summed up, and so how much the sum is scaled down. */
    int terms() {
      return 1 + (toKeys ? 1 : 0) + (toQueries ? 1 : 0);
    }

    /** The bucket of each distance from {@code 1 - tokens} to {@code tokens - 1}. */
    int[] bucketOf(int tokens) {
      int[] bucketOf = new int[2 * tokens - 1];
      for (int i = 0; i < bucketOf.length; i++) {
        int position = bucket(i - tokens + 1) + span();
        bucketOf[i] = Math.clamp(position, 0, 2 * span() - 1);
      }
      return bucketOf;
    }

    /** In singles, step by step like the reference: a bucket ends where rounding makes it end. */
    private int bucket(int distance) {
      int middle = buckets / 2;
      int size = Math.abs(distance);
      if (buckets == 0 || size <= middle) {
        return distance;
      }
      float logarithm = (float) Math.log((float) size / middle);
      float whole = (float) Math.log((float) ((furthest - 1.0) / middle));
      int bucket = (int) Math.ceil(logarithm / whole * (middle - 1)) + middle;
      return distance < 0 ? -bucket : bucket;
    }
  }

  @Override
  public Encoder encoder(ModelConfig file, Parts parts) {
    int positions = file.positive("max_position_embeddings");
    PostNorm.Sizes sizes =
        new PostNorm.Sizes(
            file.positive("vocab_size"),
            file.positive("hidden_size"),
            file.positive("num_hidden_layers"),
            EncoderKeys.heads(file, "num_attention_heads", "hidden_size"),
            file.positive("intermediate_size"),
            positions,
            (float) file.above0("layer_norm_eps"),
            Sizes.activation(file, "hidden_act"));
    int width = sizes.width();
    Relative relative = Relative.read(file, positions);
    boolean placed = file.flag("position_biased_input", true);
    int types = file.whole("type_vocab_size", 0);
    onlyNumber(file, "embedding_size", width);
    onlyNumber(file, "pooler_hidden_size", width);
    onlyNumber(file, "attention_head_size", sizes.headWidth());
    onlyNumber(file, "conv_kernel_size", 0);
    file.off("is_decoder");
    file.off("is_encoder_decoder");
    file.off("pruned_heads");
    file.ignore(
        "cls_dropout", "conv_act", "conv_groups", "legacy", "pooler_dropout", "pooler_hidden_act");
    file.refuseOthers();
    String root = parts.root("deberta.", "embeddings.word_embeddings.weight");
    String at = root + "embeddings.";
    PostNorm.Embeddings embeddings =
        new PostNorm.Embeddings(
            parts.weights().tensor(at + "word_embeddings.weight", sizes.vocabulary(), width),
            placed ? parts.table(at + "position_embeddings", positions, width) : new float[0],
            types > 0 ? parts.table(at + "token_type_embeddings", types, width) : new float[0],
            parts.norm(at + "LayerNorm", width),
            Optional.empty());
    PostNorm deberta =
        new PostNorm(
            sizes,
            parts.kernels(),
            embeddings,
            attention(sizes, relative, parts, root + "encoder."),
            NAMES.layers(sizes, parts, root + "encoder.layer."));
    parts.weights().ignore(at + "position_ids");
    parts.weights().ignore(at + "position_embeddings.weight");
    parts.refuseOthers(at, root + "encoder.");
    return deberta;
  }

  private static void onlyNumber(ModelConfig file, String key, int supported) {
    if (file.has(key) && file.number(key, supported) != supported) {
      throw file.wrong(key, String.valueOf(supported));
    }
  }

  private static PostNorm.Attention attention(
      PostNorm.Sizes sizes, Relative relative, Parts parts, String at) {
    float scale = (float) (1 / Math.sqrt((double) sizes.headWidth() * relative.terms()));
    if (!relative.used) {
      parts.weights().ignore(at + "rel_embeddings.weight");
      parts.weights().ignore(at + "LayerNorm.weight");
      parts.weights().ignore(at + "LayerNorm.bias");
      return PostNorm.plain(sizes, parts.kernels(), scale);
    }
    int rows = 2 * relative.span();
    float[] table = parts.table(at + "rel_embeddings", rows, sizes.width()); // [R, H]
    if (relative.normed) {
      LayerNorm norm = parts.norm(at + "LayerNorm", sizes.width());
      int width = sizes.width();
      parts
          .kernels()
          .normalize(
              rows,
              width,
              table,
              0,
              width,
              norm.gain(),
              norm.bias(),
              sizes.epsilon(),
              table,
              0,
              width);
    }
    int[] bucketOf = relative.bucketOf(sizes.maxTokens());
    List<RelativePositions> layers = new ArrayList<>();
    for (int i = 0; i < sizes.layers(); i++) {
      String self = at + "layer." + i + ".attention.self.";
      String keys = self + (relative.shared ? "key_proj" : "pos_key_proj");
      String queries = self + (relative.shared ? "query_proj" : "pos_query_proj");
      layers.add(
          new RelativePositions(
              relative.toKeys ? projected(parts, keys, sizes.width(), table) : new float[0],
              relative.toQueries ? projected(parts, queries, sizes.width(), table) : new float[0],
              bucketOf));
    }
    return new Disentangled(sizes, parts.kernels(), scale, layers);
  }

  /** The table [R, H] through a linear layer. */
  private static float[] projected(Parts parts, String name, int width, float[] table) {
    Matrix matrix = parts.linear(name, width, width);
    float[] out = new float[table.length];
    parts
        .kernels()
        .linear(table.length / width, table, 0, width, matrix, Activation.NONE, out, 0, width);
    return out;
  }

  private record Disentangled(
      PostNorm.Sizes sizes, Kernels kernels, float scale, List<RelativePositions> layers)
      implements PostNorm.Attention {
    @Override
    public int scratch(int tokens) {
      return kernels.disentangledScratch(tokens, sizes.headWidth(), layers.getFirst());
    }

    @Override
    public void attend(
        int layer, int tokens, float[] qkv, int at, float[] out, int outAt, float[] scratch) {
      kernels.disentangledAttention(
          layers.get(layer),
          tokens,
          sizes.heads(),
          sizes.headWidth(),
          scale,
          qkv,
          at,
          3 * sizes.width(),
          out,
          outAt,
          sizes.width(),
          scratch);
    }
  }

  @Override
  public Optional<Head> head(ModelConfig file, Weights weights, Kernels kernels) {
    Parts parts = new Parts(weights, kernels);
    HeadParts heads = new HeadParts(file, parts, file.positive("hidden_size"));
    return switch (EncoderTask.of(file, prefix())) {
      case STATES -> Optional.empty();
      case MASKED -> {
        boolean legacy = file.flag("legacy", true);
        String at = legacy ? "cls.predictions." : "lm_predictions.lm_head.";
        String transform = legacy ? at + "transform." : at;
        yield Optional.of(
            heads.masked(
                transform + "dense",
                Sizes.activation(file, "hidden_act"),
                transform + "LayerNorm",
                (float) file.above0("layer_norm_eps"),
                "deberta.embeddings.word_embeddings",
                at + "decoder",
                at + "bias"));
      }
      case SEQUENCE -> {
        Activation activation =
            file.has("pooler_hidden_act")
                ? Sizes.activation(file, "pooler_hidden_act")
                : Activation.GELU;
        yield Optional.of(heads.sequence("pooler.dense", activation, "classifier"));
      }
      case TOKENS -> Optional.of(heads.tokens("classifier"));
    };
  }
}
