package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.CacheShape;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.kernel.PositionBias;
import dev.dragoman.models.kernel.Sight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * T5 and FLAN-T5: no positions but a bias of distances, which all layers share; no biases of
 * layers; scores are not scaled.
 *
 * <p>Paper: <a href="https://arxiv.org/abs/1910.10683">Raffel et al., 2019</a>. Reference
 * implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/t5/modeling_t5.py">transformers,
 * modeling_t5.py</a>.
 */
final class T5 {
  private static final Set<String> CLASSES =
      Set.of(
          "MT5ForConditionalGeneration",
          "MT5Model",
          "T5ForConditionalGeneration",
          "T5Model",
          "T5WithLMHeadModel");

  /** How many tokens a text may have: distances are known up to here. */
  private static final int REACH = 4096;

  private final Checkpoint checkpoint;
  private final ModelConfig file;
  private final int width;
  private final int heads;
  private final int headWidth;
  private final int inner;
  private final boolean gated;
  private final Activation activation;
  private final double epsilon;
  private final int buckets;
  private final int farthest;
  private final boolean multilingual;

  private T5(Checkpoint checkpoint, String modelType) {
    this.checkpoint = checkpoint;
    this.multilingual = modelType.equals("mt5");
    this.file = checkpoint.config();
    file.only("model_type", modelType);
    for (String name : file.texts("architectures")) {
      if (!CLASSES.contains(name)) {
        throw file.wrong("architectures", "one of " + CLASSES.stream().sorted().toList());
      }
    }
    if (!file.flag("is_encoder_decoder", true)) {
      throw file.wrong("is_encoder_decoder", "true");
    }
    file.ignore(
        "classifier_dropout",
        "dense_act_fn",
        "dropout_rate",
        "initializer_factor",
        "is_decoder",
        "is_gated_act",
        "output_past",
        "tokenizer_class");
    this.width = file.positive("d_model");
    this.heads = file.positive("num_heads");
    this.headWidth = file.positive("d_kv");
    this.inner = file.positive("d_ff");
    this.epsilon = file.above0("layer_norm_epsilon", 1e-6);
    this.buckets = file.positive("relative_attention_num_buckets", 32);
    this.farthest = file.positive("relative_attention_max_distance", 128);
    if (buckets < 4 || farthest <= buckets / 2) {
      throw file.wrong(
          "relative_attention_num_buckets",
          "at least 4, with a relative_attention_max_distance of more than half of it");
    }
    String projection = file.text("feed_forward_proj", multilingual ? "gated-gelu" : "relu");
    this.gated = projection.startsWith("gated-");
    this.activation =
        switch (gated ? projection.substring("gated-".length()) : projection) {
          case "relu" -> Activation.RELU;
          case "gelu" -> gated ? Activation.GELU_TANH : Activation.GELU;
          case "gelu_new" -> Activation.GELU_TANH;
          case "silu", "swish" -> Activation.SILU;
          default ->
              throw file.wrong("feed_forward_proj", "relu, gelu, silu or gated- and one of them");
        };
  }

  static EncoderDecoder open(Checkpoint checkpoint) {
    return new T5(checkpoint, "t5").open();
  }

  /** The multilingual one, which is the same but for what its file leaves out. */
  static EncoderDecoder openMultilingual(Checkpoint checkpoint) {
    return new T5(checkpoint, "mt5").open();
  }

  private EncoderDecoder open() {
    Weights weights = checkpoint.weights();
    int vocabulary = file.positive("vocab_size");
    int encoderLayers = file.positive("num_layers");
    int decoderLayers = file.positive("num_decoder_layers", encoderLayers);
    int best = file.positive("n_positions", 512);
    boolean tied = file.flag("tie_word_embeddings", true);
    boolean scaled = !multilingual && file.flag("scale_decoder_outputs", tied);
    file.refuseOthers();
    weights.ignore("encoder.embed_tokens.weight");
    weights.ignore("decoder.embed_tokens.weight");
    weights.ignore("decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight");
    Tensor words = weights.tensor("shared.weight", vocabulary, width);
    EncoderStack stack =
        new EncoderStack(
            checkpoint.kernels(),
            width,
            heads,
            headWidth,
            1,
            bias("encoder", true),
            encoderLayers(encoderLayers),
            norm("encoder.final_layer_norm"));
    Encoder encoder =
        new StackedEncoder(
            stack, REACH, words, 1, new float[0], DecoderStack.NO_PADDING, Norm.NONE);
    boolean headless =
        file.texts("architectures").stream().anyMatch(name -> name.endsWith("T5Model"));
    Optional<Matrix> head = Optional.empty();
    if (!headless) {
      Tensor scores =
          weights.has("lm_head.weight")
              ? weights.tensor("lm_head.weight", vocabulary, width)
              : words;
      float scale = scaled ? (float) (1 / Math.sqrt(width)) : 1;
      head = Optional.of(checkpoint.head(scores, scale, new float[vocabulary]));
    }
    Decoder decoder =
        new DecoderStack(
            checkpoint.kernels(),
            checkpoint.modules(),
            new CacheShape(heads, heads, headWidth),
            Math.min(best, REACH),
            words,
            1,
            new float[0],
            DecoderStack.NO_PADDING,
            Norm.NONE,
            List.of(),
            decoderLayers(decoderLayers),
            norm("decoder.final_layer_norm"),
            head,
            0);
    checkpoint.refuseOthers("T5");
    return new EncoderDecoder(encoder, decoder);
  }

  private List<EncoderStack.Layer> encoderLayers(int count) {
    List<EncoderStack.Layer> layers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String at = "encoder.block." + i + ".layer.";
      layers.add(
          new EncoderStack.Layer(
              Residual.pre(norm(at + "0.layer_norm")),
              queryKeyValue(at + "0.SelfAttention."), // [3Q, H]
              out(at + "0.SelfAttention."), // [H, Q]
              Residual.pre(norm(at + "1.layer_norm")),
              feedForward(at + "1.DenseReluDense.")));
    }
    return List.copyOf(layers);
  }

  private List<Block> decoderLayers(int count) {
    CacheShape shape = new CacheShape(heads, heads, headWidth);
    int queries = shape.queries();
    Sight sight = new Sight(0, false, bias("decoder", false));
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String at = "decoder.block." + i + ".layer.";
      String cross = at + "1.EncDecAttention.";
      blocks.add(
          new Block(
              Residual.pre(norm(at + "0.layer_norm")),
              new CausalAttention(
                  shape,
                  queryKeyValue(at + "0.SelfAttention."), // [3Q, H]
                  out(at + "0.SelfAttention."), // [H, Q]
                  Norm.NONE,
                  Norm.NONE,
                  CausalAttention.NO_ROPE,
                  1,
                  sight),
              Residual.pre(norm(at + "1.layer_norm")),
              Optional.of(
                  new CrossAttention(
                      shape,
                      checkpoint.linear(cross + "q", queries, width, false), // [Q, H]
                      checkpoint.joined(
                          List.of(cross + "k", cross + "v"),
                          new int[] {queries, queries},
                          width,
                          false), // [2Q, H]
                      out(cross), // [H, Q]
                      1)),
              Residual.pre(norm(at + "2.layer_norm")),
              feedForward(at + "2.DenseReluDense.")));
    }
    return List.copyOf(blocks);
  }

  private Matrix queryKeyValue(String at) {
    int queries = heads * headWidth;
    return checkpoint.joined(
        List.of(at + "q", at + "k", at + "v"), new int[] {queries, queries, queries}, width, false);
  }

  private Matrix out(String at) {
    return checkpoint.linear(at + "o", width, heads * headWidth, false);
  }

  private FeedForward feedForward(String at) {
    Matrix down = checkpoint.linear(at + "wo", width, inner, false); // [H, I]
    return gated
        ? new FeedForward.Gated(
            activation,
            checkpoint.joined(
                List.of(at + "wi_0", at + "wi_1"),
                new int[] {inner, inner},
                width,
                false), // [2I, H]
            down)
        : new FeedForward.Plain(
            activation, checkpoint.linear(at + "wi", inner, width, false), down); // [I, H]
  }

  private Norm norm(String name) {
    return checkpoint.rmsNorm(name, width, epsilon);
  }

  /** The bias of all distances, spread out from the buckets that the file has. */
  private PositionBias bias(String side, boolean bothWays) {
    float[] stored =
        checkpoint
            .weights()
            .tensor(
                side + ".block.0.layer.0.SelfAttention.relative_attention_bias.weight",
                buckets,
                heads)
            .floats();
    float[] table = new float[heads * (2 * REACH - 1)];
    for (int distance = 1 - REACH; distance < REACH; distance++) {
      int bucket = bucket(distance, bothWays);
      for (int head = 0; head < heads; head++) {
        table[head * (2 * REACH - 1) + distance + REACH - 1] = stored[bucket * heads + head];
      }
    }
    return new PositionBias(REACH, table);
  }

  /** The bucket of a key so far behind the query; single precision, as in the reference. */
  private int bucket(int distance, boolean bothWays) {
    int count = bothWays ? buckets / 2 : buckets;
    int first = bothWays && distance > 0 ? count : 0;
    int far = bothWays ? Math.abs(distance) : Math.max(0, -distance);
    int exact = count / 2;
    if (far < exact) {
      return first + far;
    }
    float logarithm = (float) Math.log((float) far / exact);
    float share = logarithm / (float) Math.log((double) farthest / exact) * (count - exact);
    return first + Math.min(count - 1, exact + (int) share);
  }
}
