package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.PackedMatrix;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * BERT, the encoder.
 *
 * <p>Paper: <a href="https://arxiv.org/abs/1810.04805">Devlin et al., 2018</a>. Reference
 * implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/bert/modeling_bert.py">transformers,
 * modeling_bert.py</a>.
 *
 * <p>In the comments on shapes T is the number of tokens of the batch, H the width (hidden_size), I
 * the inner width (intermediate_size), V the vocabulary and P the number of positions.
 */
final class Bert implements Encoder {
  /** Rows that go through a whole block at once: their activations stay in the second cache. */
  private static final int ROWS = 96;

  private static final Set<String> CLASSES =
      Set.of("BertModel", "BertForMaskedLM", "BertForPreTraining");

  /** The sizes, from {@code config.json}. */
  record Config(
      int vocabulary,
      int width,
      int layers,
      int heads,
      int inner,
      int positions,
      int types,
      float epsilon,
      Activation activation) {
    static Config read(ModelConfig file) {
      for (String name : file.texts("architectures")) {
        if (!CLASSES.contains(name)) {
          throw file.wrong("architectures", "one of " + CLASSES.stream().sorted().toList());
        }
      }
      file.only("model_type", "bert");
      file.only("position_embedding_type", "absolute");
      file.off("is_decoder");
      file.off("is_encoder_decoder");
      file.off("add_cross_attention");
      file.off("pruned_heads");
      file.ignore(
          "directionality",
          "pooler_fc_size",
          "pooler_num_attention_heads",
          "pooler_num_fc_layers",
          "pooler_size_per_head",
          "pooler_type");
      Activation activation =
          switch (file.text("hidden_act")) {
            case "gelu" -> Activation.GELU;
            case "relu" -> Activation.RELU;
            default -> throw file.wrong("hidden_act", "\"gelu\" or \"relu\"");
          };
      Config config =
          new Config(
              file.positive("vocab_size"),
              file.positive("hidden_size"),
              file.positive("num_hidden_layers"),
              file.positive("num_attention_heads"),
              file.positive("intermediate_size"),
              file.positive("max_position_embeddings"),
              file.positive("type_vocab_size"),
              (float) file.above0("layer_norm_eps"),
              activation);
      file.refuseOthers();
      if (config.width % config.heads != 0) {
        throw file.wrong("num_attention_heads", "a divisor of hidden_size " + config.width);
      }
      return config;
    }
  }

  /** Gain and bias of a layer normalisation. */
  private record Norm(
      float[] gain, // [H]
      float[] bias // [H]
      ) {}

  private record Layer(
      PackedMatrix queryKeyValue, // [3H, H]
      PackedMatrix attentionOut, // [H, H]
      Norm attentionNorm, // [H]
      PackedMatrix up, // [I, H]
      PackedMatrix down, // [H, I]
      Norm outputNorm // [H]
      ) {}

  private final Config config;
  private final Kernels kernels;
  private final Tensor words; // [V, H], mapped
  private final float[] positions; // [P, H]
  private final float[] types; // [types, H]
  private final Norm embeddingNorm; // [H]
  private final List<Layer> layers;

  private Bert(
      Config config,
      Kernels kernels,
      Tensor words,
      float[] positions,
      float[] types,
      Norm embeddingNorm,
      List<Layer> layers) {
    this.config = config;
    this.kernels = kernels;
    this.words = words;
    this.positions = positions;
    this.types = types;
    this.embeddingNorm = embeddingNorm;
    this.layers = layers;
  }

  static Bert open(ModelConfig file, Weights weights, Kernels kernels) {
    return new Loader(Config.read(file), weights, kernels).load();
  }

  /** Takes the tensors by their names in the reference implementation. */
  private record Loader(Config config, Weights weights, Kernels kernels) {
    Bert load() {
      String root = weights.has("bert.embeddings.word_embeddings.weight") ? "bert." : "";
      String embeddings = root + "embeddings.";
      Bert bert =
          new Bert(
              config,
              kernels,
              weights.tensor(
                  embeddings + "word_embeddings.weight", config.vocabulary, config.width),
              weights
                  .tensor(embeddings + "position_embeddings.weight", config.positions, config.width)
                  .floats(),
              weights
                  .tensor(embeddings + "token_type_embeddings.weight", config.types, config.width)
                  .floats(),
              norm(embeddings + "LayerNorm"),
              IntStream.range(0, config.layers)
                  .mapToObj(i -> layer(root + "encoder.layer." + i + "."))
                  .toList());
      weights.ignore(embeddings + "position_ids");
      for (String name : weights.unused()) {
        if (name.startsWith(embeddings) || name.startsWith(root + "encoder.")) {
          throw new ModelException(
              "tensor " + name + " is not part of the BERT that is known here");
        }
      }
      return bert;
    }

    private Layer layer(String at) {
      return new Layer(
          queryKeyValue(at + "attention.self."),
          linear(at + "attention.output.dense", config.width, config.width),
          norm(at + "attention.output.LayerNorm"),
          linear(at + "intermediate.dense", config.inner, config.width),
          linear(at + "output.dense", config.width, config.inner),
          norm(at + "output.LayerNorm"));
    }

    private PackedMatrix queryKeyValue(String at) {
      int width = config.width;
      float[] matrix = new float[Math.multiplyExact(3 * width, width)]; // [3H, H]
      float[] bias = new float[3 * width]; // [3H]
      int part = 0;
      for (String name : List.of("query", "key", "value")) {
        weights
            .tensor(at + name + ".weight", width, width)
            .read(0, matrix, part * width * width, width * width);
        weights.tensor(at + name + ".bias", width).read(0, bias, part * width, width);
        part++;
      }
      return kernels.pack(3 * width, width, matrix, bias);
    }

    private PackedMatrix linear(String at, int outputs, int inputs) {
      return kernels.pack(
          outputs,
          inputs,
          weights.tensor(at + ".weight", outputs, inputs).floats(),
          weights.tensor(at + ".bias", outputs).floats());
    }

    private Norm norm(String at) {
      return new Norm(
          weights.tensor(at + ".weight", config.width).floats(),
          weights.tensor(at + ".bias", config.width).floats());
    }
  }

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
    return new Run();
  }

  private final class Run implements Session {
    private final int width = config.width;
    private final int inner = config.inner;
    private float[] hidden = new float[0]; // [T, H]
    private float[] mixed = new float[0]; // [T, H]
    private float[] projected = new float[0]; // [T, 3H]
    private float[] scratch = new float[0];
    private final float[] raised = new float[ROWS * inner]; // [ROWS, I]
    private final float[] sum = new float[ROWS * width]; // [ROWS, H]

    @Override
    public float[] run(Batch batch, Layers layersSeen) {
      int tokens = batch.tokens();
      grow(tokens, batch.longest());
      embed(batch);
      layersSeen.layer(0, hidden);
      for (int i = 0; i < layers.size(); i++) {
        Layer layer = layers.get(i);
        attend(layer, batch);
        for (int row = 0; row < tokens; row += ROWS) {
          feedForward(layer, row, Math.min(ROWS, tokens - row));
        }
        layersSeen.layer(i + 1, hidden);
      }
      return hidden;
    }

    private void grow(int tokens, int longest) {
      int size = Math.multiplyExact(tokens, width);
      if (hidden.length < size) {
        hidden = new float[size];
        mixed = new float[size];
        projected = new float[Math.multiplyExact(3, size)];
      }
      int wanted = kernels.attentionScratch(longest, width / config.heads);
      if (scratch.length < wanted) {
        scratch = new float[wanted];
      }
    }

    private void embed(Batch batch) {
      for (int s = 0; s < batch.sequences(); s++) {
        int start = batch.start(s);
        for (int token = start; token < batch.start(s + 1); token++) {
          int at = token * width;
          words.read((long) batch.id(token) * width, hidden, at, width);
          kernels.add(width, types, batch.type(token) * width, hidden, at);
          kernels.addAndNormalize(
              1,
              width,
              hidden,
              at,
              positions,
              (token - start) * width,
              embeddingNorm.gain,
              embeddingNorm.bias,
              config.epsilon);
        }
      }
    }

    private void attend(Layer layer, Batch batch) {
      int headWidth = width / config.heads;
      float scale = (float) (1 / Math.sqrt(headWidth));
      for (int row = 0; row < batch.tokens(); row += ROWS) {
        kernels.linear(
            Math.min(ROWS, batch.tokens() - row),
            hidden,
            row * width,
            width,
            layer.queryKeyValue,
            Activation.NONE,
            projected,
            row * 3 * width,
            3 * width);
      }
      for (int s = 0; s < batch.sequences(); s++) {
        int start = batch.start(s);
        kernels.attention(
            batch.start(s + 1) - start,
            config.heads,
            headWidth,
            scale,
            projected,
            start * 3 * width,
            3 * width,
            mixed,
            start * width,
            width,
            scratch);
      }
    }

    /** All of the layer after the attention, for some rows. */
    private void feedForward(Layer layer, int row, int rows) {
      int at = row * width;
      kernels.linear(rows, mixed, at, width, layer.attentionOut, Activation.NONE, sum, 0, width);
      normalize(rows, at, layer.attentionNorm);
      kernels.linear(rows, hidden, at, width, layer.up, config.activation, raised, 0, inner);
      kernels.linear(rows, raised, 0, inner, layer.down, Activation.NONE, sum, 0, width);
      normalize(rows, at, layer.outputNorm);
    }

    private void normalize(int rows, int at, Norm norm) {
      kernels.addAndNormalize(
          rows, width, hidden, at, sum, 0, norm.gain, norm.bias, config.epsilon);
    }
  }
}
