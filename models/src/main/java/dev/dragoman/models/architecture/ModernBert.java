package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * ModernBERT: normalised before each half of a block, rotary positions, a gated feed-forward layer,
 * and layers that see near tokens only between those that see all.
 *
 * <p>Paper: <a href="https://arxiv.org/abs/2412.13663">Warner et al., 2024</a>. Reference
 * implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/modernbert/modeling_modernbert.py">transformers,
 * modeling_modernbert.py</a>.
 *
 * <p>In the comments on shapes T is the number of tokens of the batch, H the width (hidden_size), I
 * the inner width (intermediate_size), D the width of a head and V the vocabulary.
 */
final class ModernBert implements EncoderFamily {
  @Override
  public String prefix() {
    return "ModernBert";
  }

  /**
   * The sizes, from {@code config.json}.
   *
   * @param reach how far a token of a local layer sees on either side
   * @param local which layers are local
   */
  record Config(
      int vocabulary,
      int width,
      int heads,
      int inner,
      int positions,
      float epsilon,
      Activation activation,
      int reach,
      List<Boolean> local,
      RotaryEmbedding globalRotary,
      RotaryEmbedding localRotary) {
    int headWidth() {
      return width / heads;
    }

    static Config read(ModelConfig file) {
      int layers = file.positive("num_hidden_layers");
      int width = file.positive("hidden_size");
      int heads = EncoderKeys.heads(file, "num_attention_heads", "hidden_size");
      int positions = file.positive("max_position_embeddings");
      int headWidth = width / heads;
      if (headWidth % 2 != 0) {
        throw file.wrong("num_attention_heads", "one that leaves heads of even width");
      }
      Config config =
          new Config(
              file.positive("vocab_size"),
              width,
              heads,
              file.positive("intermediate_size"),
              positions,
              (float) file.above0("norm_eps", 1e-5),
              Sizes.activation(file, "hidden_activation"),
              file.positive("local_attention", 128) / 2,
              local(file, layers),
              rotary(file, "full_attention", "global_rope_theta", 160_000, headWidth, positions),
              rotary(file, "sliding_attention", "local_rope_theta", 10_000, headWidth, positions));
      file.off("is_decoder");
      file.off("is_encoder_decoder");
      file.off("pruned_heads");
      file.ignore(
          "attention_bias",
          "attention_dropout",
          "classifier_activation",
          "classifier_bias",
          "classifier_pooling",
          "cls_token_id",
          "decoder_bias",
          "deterministic_flash_attn",
          "embedding_dropout",
          "initializer_cutoff_factor",
          "layer_norm_eps",
          "mlp_bias",
          "mlp_dropout",
          "norm_bias",
          "position_embedding_type",
          "reference_compile",
          "repad_logits_with_grad",
          "sparse_pred_ignore_index",
          "sparse_prediction");
      file.refuseOthers();
      return config;
    }

    /** By {@code layer_types}, or by the number that transformers 4 writes instead. */
    private static List<Boolean> local(ModelConfig file, int layers) {
      int every = file.positive("global_attn_every_n_layers", 3);
      List<String> types = file.texts("layer_types");
      if (!types.isEmpty() && types.size() != layers) {
        throw file.wrong("layer_types", "a list of num_hidden_layers = " + layers);
      }
      List<Boolean> local = new ArrayList<>();
      for (int i = 0; i < layers; i++) {
        local.add(
            types.isEmpty()
                ? i % every != 0
                : switch (types.get(i)) {
                  case "sliding_attention" -> true;
                  case "full_attention" -> false;
                  default -> throw file.wrong("layer_types", "sliding_attention, full_attention");
                });
      }
      return local;
    }

    /** By {@code rope_parameters}, or by the key that transformers 4 writes instead. */
    private static RotaryEmbedding rotary(
        ModelConfig file, String kind, String oldKey, double usual, int headWidth, int positions) {
      double old = file.above0(oldKey, usual);
      file.off("rope_scaling");
      ModelConfig section = file.section("rope_parameters").section(kind);
      double base = section.above0("rope_theta", old);
      RopeScaling scaling =
          RopeScaling.read(section, section.text("rope_type", "default"), positions, 0);
      section.refuseOthers();
      return new RotaryEmbedding(base, headWidth, false, scaling);
    }
  }

  private record Layer(
      boolean local,
      Optional<LayerNorm> attentionNorm, // [H]; the first layer's input is normalised already
      Matrix queryKeyValue, // [3H, H]
      Matrix attentionOut, // [H, H]
      LayerNorm norm, // [H]
      Matrix up, // [2I, H]: what is activated, then what it is multiplied by
      Matrix down // [H, I]
      ) {}

  @Override
  public Encoder encoder(ModelConfig file, Parts parts) {
    Config config = Config.read(file);
    boolean normBias = file.flag("norm_bias", false);
    boolean attentionBias = file.flag("attention_bias", false);
    boolean innerBias = file.flag("mlp_bias", false);
    String root = parts.root("model.", "embeddings.tok_embeddings.weight");
    int width = config.width;
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < config.local.size(); i++) {
      String at = root + "layers." + i + ".";
      layers.add(
          new Layer(
              config.local.get(i),
              i == 0
                  ? Optional.empty()
                  : Optional.of(parts.norm(at + "attn_norm", width, normBias)),
              parts.linear(at + "attn.Wqkv", 3 * width, width, attentionBias),
              parts.linear(at + "attn.Wo", width, width, attentionBias),
              parts.norm(at + "mlp_norm", width, normBias),
              parts.linear(at + "mlp.Wi", 2 * config.inner, width, innerBias),
              parts.linear(at + "mlp.Wo", width, config.inner, innerBias)));
    }
    Tensor words =
        parts.weights().tensor(root + "embeddings.tok_embeddings.weight", config.vocabulary, width);
    LayerNorm embeddingNorm = parts.norm(root + "embeddings.norm", width, normBias);
    LayerNorm finalNorm = parts.norm(root + "final_norm", width, normBias);
    parts.refuseOthers(root + "embeddings.", root + "layers.");
    return new Model(config, parts.kernels(), words, embeddingNorm, layers, finalNorm);
  }

  @Override
  public Optional<Head> head(ModelConfig file, Weights weights, Kernels kernels) {
    int width = file.positive("hidden_size");
    Parts parts = new Parts(weights, kernels);
    HeadParts heads = new HeadParts(file, parts, width);
    EncoderTask task = EncoderTask.of(file, prefix());
    if (task == EncoderTask.STATES) {
      return Optional.empty();
    }
    Head.Transform transform =
        new Head.Transform(
            parts.linear("head.dense", width, width, file.flag("classifier_bias", false)),
            file.has("classifier_activation")
                ? Sizes.activation(file, "classifier_activation")
                : Activation.GELU,
            Optional.of(parts.norm("head.norm", width, file.flag("norm_bias", false))),
            (float) file.above0("norm_eps", 1e-5));
    return Optional.of(
        switch (task) {
          case STATES, TOKENS -> heads.tokens(transform, "classifier");
          case MASKED ->
              heads.masked(
                  transform,
                  "model.embeddings.tok_embeddings",
                  "decoder",
                  file.flag("decoder_bias", true) ? "decoder.bias" : "");
          case SEQUENCE -> heads.sequence(pooled(file), transform, "classifier");
        });
  }

  private static Head.Over pooled(ModelConfig file) {
    return switch (file.text("classifier_pooling", "cls")) {
      case "cls" -> Head.Over.FIRST;
      case "mean" -> Head.Over.MEAN;
      default -> throw file.wrong("classifier_pooling", "cls or mean");
    };
  }

  private record Model(
      Config config,
      Kernels kernels,
      Tensor words, // [V, H], mapped
      LayerNorm embeddingNorm, // [H]
      List<Layer> layers,
      LayerNorm finalNorm // [H]
      ) implements Encoder {
    @Override
    public int width() {
      return config.width;
    }

    @Override
    public int positions() {
      return config.positions;
    }

    @Override
    public int vocabulary() {
      return config.vocabulary;
    }

    @Override
    public Session session() {
      return new Run(this);
    }
  }

  private static final class Run implements Encoder.Session {
    /** Rows that go through a whole block at once: their activations stay in the second cache. */
    private static final int ROWS = 96;

    private final Model model;
    private final Config config;
    private final Kernels kernels;
    private final int width;
    private float[] hidden = new float[0]; // [T, H]
    private float[] mixed = new float[0]; // [T, H]
    private float[] projected = new float[0]; // [T, 3H]
    private float[] scratch = new float[0];
    private float[] globalTable = new float[0]; // [longest, 2, D]
    private float[] localTable = new float[0]; // [longest, 2, D]
    private final float[] normed; // [ROWS, H]
    private final float[] raised; // [ROWS, 2I]

    Run(Model model) {
      this.model = model;
      this.config = model.config;
      this.kernels = model.kernels;
      this.width = config.width;
      this.normed = new float[ROWS * width];
      this.raised = new float[ROWS * 2 * config.inner];
    }

    @Override
    public float[] run(Batch batch, Encoder.Layers layersSeen) {
      int tokens = batch.tokens();
      grow(tokens, batch.longest());
      for (int token = 0; token < tokens; token++) {
        model.words.read((long) batch.id(token) * width, hidden, token * width, width);
      }
      normalize(tokens, model.embeddingNorm, hidden, 0, hidden);
      layersSeen.layer(0, hidden);
      for (int i = 0; i < model.layers.size(); i++) {
        Layer layer = model.layers.get(i);
        attend(layer, batch);
        for (int row = 0; row < tokens; row += ROWS) {
          feedForward(layer, row, Math.min(ROWS, tokens - row));
        }
        layersSeen.layer(i + 1, hidden);
      }
      // What attention gave is no longer needed, and tests still look at the last layer.
      normalize(tokens, model.finalNorm, hidden, 0, mixed);
      return mixed;
    }

    private void grow(int tokens, int longest) {
      int size = Math.multiplyExact(tokens, width);
      if (hidden.length < size) {
        hidden = new float[size];
        mixed = new float[size];
        projected = new float[Math.multiplyExact(3, size)];
      }
      int wanted = kernels.attentionScratch(longest, config.headWidth());
      if (scratch.length < wanted) {
        scratch = new float[wanted];
      }
      if (globalTable.length < 2 * longest * config.headWidth()) {
        globalTable = table(config.globalRotary, longest);
        localTable = table(config.localRotary, longest);
      }
    }

    private static float[] table(RotaryEmbedding rotary, int positions) {
      float[] frequencies = rotary.frequencies(positions);
      float[] table = new float[positions * 2 * rotary.width()];
      for (int position = 0; position < positions; position++) {
        rotary.fill(frequencies, position, table, position * 2 * rotary.width());
      }
      return table;
    }

    private void normalize(int rows, LayerNorm norm, float[] x, int at, float[] out) {
      kernels.normalize(
          rows, width, x, at, width, norm.gain(), norm.bias(), config.epsilon, out, 0, width);
    }

    private void attend(Layer layer, Batch batch) {
      for (int row = 0; row < batch.tokens(); row += ROWS) {
        int rows = Math.min(ROWS, batch.tokens() - row);
        int at = row * width;
        layer.attentionNorm.ifPresent(norm -> normalize(rows, norm, hidden, at, normed));
        boolean asIs = layer.attentionNorm.isEmpty();
        kernels.linear(
            rows,
            asIs ? hidden : normed,
            asIs ? at : 0,
            width,
            layer.queryKeyValue,
            Activation.NONE,
            projected,
            3 * at,
            3 * width);
      }
      for (int s = 0; s < batch.sequences(); s++) {
        attend(layer, batch.start(s), batch.start(s + 1) - batch.start(s));
      }
    }

    private void attend(Layer layer, int start, int tokens) {
      int headWidth = config.headWidth();
      float[] table = layer.local ? localTable : globalTable;
      for (int i = 0; i < tokens; i++) {
        kernels.rotate(
            2 * config.heads,
            headWidth,
            headWidth,
            false,
            projected,
            (start + i) * 3 * width,
            table,
            i * 2 * headWidth);
      }
      kernels.localAttention(
          layer.local ? config.reach : tokens,
          tokens,
          config.heads,
          headWidth,
          (float) (1 / Math.sqrt(headWidth)),
          projected,
          start * 3 * width,
          3 * width,
          mixed,
          start * width,
          width,
          scratch);
    }

    /** All of the layer after the attention, for some rows. */
    private void feedForward(Layer layer, int row, int rows) {
      int at = row * width;
      int inner = config.inner;
      kernels.linear(rows, mixed, at, width, layer.attentionOut, Activation.NONE, normed, 0, width);
      kernels.add(rows * width, normed, 0, hidden, at);
      normalize(rows, layer.norm, hidden, at, normed);
      kernels.linear(rows, normed, 0, width, layer.up, Activation.NONE, raised, 0, 2 * inner);
      kernels.gate(config.activation, rows, inner, raised, 0, 2 * inner);
      kernels.linear(rows, raised, 0, 2 * inner, layer.down, Activation.NONE, normed, 0, width);
      kernels.add(rows * width, normed, 0, hidden, at);
    }
  }
}
