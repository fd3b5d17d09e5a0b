package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.CacheShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * GPT-2: learned positions, layer norms with biases, weights stored [inputs, outputs].
 *
 * <p>Paper: <a
 * href="https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf">Radford
 * et al., 2019</a>. Reference implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/gpt2/modeling_gpt2.py">transformers,
 * modeling_gpt2.py</a>.
 */
final class Gpt2 {
  private static final Set<String> CLASSES = Set.of("GPT2LMHeadModel", "GPT2Model");

  private Gpt2() {}

  static Decoder open(Checkpoint checkpoint) {
    Sizes.expect(checkpoint.config(), "gpt2", CLASSES);
    return open(checkpoint, 0);
  }

  /**
   * The same with attention to a memory in each layer.
   *
   * @param seen width of the memory's states
   */
  static Decoder openCrossing(Checkpoint checkpoint, int seen) {
    ModelConfig file = checkpoint.config();
    Sizes.expectCrossing(file, "gpt2", CLASSES);
    file.ignore("cross_attention_hidden_size");
    return open(checkpoint, seen);
  }

  private static Decoder open(Checkpoint checkpoint, int seen) {
    ModelConfig file = checkpoint.config();
    file.ignore(
        "attn_pdrop",
        "embd_pdrop",
        "resid_pdrop",
        "n_ctx",
        // Only changes the order of roundings.
        "reorder_and_upcast_attn",
        "summary_activation",
        "summary_first_dropout",
        "summary_proj_to_labels",
        "summary_type",
        "summary_use_proj");
    int vocabulary = file.positive("vocab_size");
    int width = file.positive("n_embd");
    int layers = file.positive("n_layer");
    int heads = file.positive("n_head");
    int inner = file.positive("n_inner", Math.multiplyExact(4, width));
    int positions = file.positive("n_positions", 1024);
    double epsilon = file.above0("layer_norm_epsilon", 1e-5);
    Activation activation = Sizes.activation(file, "activation_function", "gelu_new");
    boolean scaled = file.flag("scale_attn_weights", true);
    boolean scaledByLayer = file.flag("scale_attn_by_inverse_layer_idx", false);
    boolean tied = file.flag("tie_word_embeddings", true);
    file.refuseOthers();
    if (width % heads != 0) {
      throw file.wrong("n_head", "a divisor of n_embd " + width);
    }
    CacheShape shape = new CacheShape(heads, heads, width / heads);
    Weights weights = checkpoint.weights();
    String root = checkpoint.root("wte.weight", "transformer.");
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      String at = root + "h." + i + ".";
      double scale = scaled ? 1 / Math.sqrt(shape.headWidth()) : 1;
      // Masks, which older files store.
      weights.ignore(at + "attn.bias");
      weights.ignore(at + "attn.masked_bias");
      CausalAttention attention =
          new CausalAttention(
              shape,
              checkpoint.transposed(at + "attn.c_attn", 3 * width, width), // [3H, H]
              checkpoint.transposed(at + "attn.c_proj", width, width), // [H, H]
              Norm.NONE,
              Norm.NONE,
              CausalAttention.NO_ROPE,
              (float) (scaledByLayer ? scale / (i + 1) : scale),
              0);
      blocks.add(
          new Block(
              Residual.pre(checkpoint.layerNorm(at + "ln_1", width, epsilon)),
              attention,
              seen == 0
                  ? Residual.pre(Norm.NONE)
                  : Residual.pre(checkpoint.layerNorm(at + "ln_cross_attn", width, epsilon)),
              cross(checkpoint, at + "crossattention.", attention, seen),
              Residual.pre(checkpoint.layerNorm(at + "ln_2", width, epsilon)),
              new FeedForward.Plain(
                  activation,
                  checkpoint.transposed(at + "mlp.c_fc", inner, width), // [I, H]
                  checkpoint.transposed(at + "mlp.c_proj", width, inner)))); // [H, I]
    }
    Tensor words = weights.tensor(root + "wte.weight", vocabulary, width);
    Decoder decoder =
        new DecoderStack(
            checkpoint.kernels(),
            checkpoint.modules(),
            shape,
            positions,
            words,
            1,
            weights.tensor(root + "wpe.weight", positions, width).floats(),
            DecoderStack.NO_PADDING,
            Norm.NONE,
            List.of(),
            List.copyOf(blocks),
            checkpoint.layerNorm(root + "ln_f", width, epsilon),
            checkpoint.head(root + "wte", vocabulary, width, tied),
            0);
    checkpoint.refuseOthers("GPT-2");
    return decoder;
  }

  private static Optional<CrossAttention> cross(
      Checkpoint checkpoint, String at, CausalAttention own, int seen) {
    if (seen == 0) {
      return Optional.empty();
    }
    int width = own.shape().queries();
    checkpoint.weights().ignore(at + "bias");
    checkpoint.weights().ignore(at + "masked_bias");
    return Optional.of(
        new CrossAttention(
            own.shape(),
            checkpoint.transposed(at + "q_attn", width, width), // [H, H]
            checkpoint.transposed(at + "c_attn", 2 * width, seen), // [2H, E]
            checkpoint.transposed(at + "c_proj", width, width), // [H, H]
            own.scale()));
  }
}
