package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.kernel.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Gemma 3, the text part: norms before and after each part, with gains around 0; norms on queries
 * and keys; layers that see a window, with a rotary base of their own, and some that see all.
 *
 * <p>Paper: <a href="https://arxiv.org/abs/2503.19786">Gemma team, 2025</a>. Reference
 * implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/gemma3/modeling_gemma3.py">transformers,
 * modeling_gemma3.py</a>.
 */
final class Gemma3 {
  private static final Set<String> CLASSES = Set.of("Gemma3ForCausalLM", "Gemma3TextModel");

  private Gemma3() {}

  static Decoder open(Checkpoint checkpoint) {
    ModelConfig file = checkpoint.config();
    Sizes.expect(file, "gemma3_text", CLASSES);
    file.off("use_bidirectional_attention");
    // The reference has this setting but does not apply it: only the logits are capped.
    file.ignore("attn_logit_softcapping");
    // Older files say the same under hidden_act.
    file.ignore("hidden_act", "cache_implementation");
    Sizes sizes = Sizes.read(file, 256, 4, 131_072, 1e-6);
    boolean bias = file.flag("attention_bias", false);
    Activation activation = Sizes.activation(file, "hidden_activation", "gelu_pytorch_tanh");
    double scale = 1 / Math.sqrt(file.above0("query_pre_attn_scalar", 256));
    double softCap = file.above0("final_logit_softcapping", 0);
    int window = Sizes.window(file, 4096);
    List<Boolean> sliding = sliding(file, sizes.layers());
    List<RotaryEmbedding> ropes = ropes(checkpoint, sizes);
    boolean tied = file.flag("tie_word_embeddings", true);
    file.refuseOthers();
    LlamaLike parts = new LlamaLike(checkpoint, sizes);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < sizes.layers(); i++) {
      String at = parts.layer(i);
      CausalAttention attention =
          new CausalAttention(
              sizes.cache(),
              parts.queryKeyValue(i, bias), // [Q + 2K, H]
              parts.attentionOut(i, bias), // [H, Q]
              norm(checkpoint, at + "self_attn.q_norm", sizes.headWidth(), sizes),
              norm(checkpoint, at + "self_attn.k_norm", sizes.headWidth(), sizes),
              sliding.get(i) ? 1 : 0,
              (float) scale,
              sliding.get(i) ? window : 0);
      blocks.add(
          new Block(
              new Residual(
                  norm(checkpoint, at + "input_layernorm", sizes.width(), sizes),
                  norm(checkpoint, at + "post_attention_layernorm", sizes.width(), sizes),
                  Norm.NONE),
              attention,
              new Residual(
                  norm(checkpoint, at + "pre_feedforward_layernorm", sizes.width(), sizes),
                  norm(checkpoint, at + "post_feedforward_layernorm", sizes.width(), sizes),
                  Norm.NONE),
              parts.gated(i, activation, false)));
    }
    return parts.stack(
        ropes,
        blocks,
        norm(checkpoint, parts.root() + "norm", sizes.width(), sizes),
        wordScale(parts.words()),
        tied,
        (float) softCap,
        "Gemma 3");
  }

  /** All but every sixth, or as often as the file says. */
  private static List<Boolean> sliding(ModelConfig file, int layers) {
    int pattern =
        file.positive("sliding_window_pattern", file.positive("_sliding_window_pattern", 6));
    List<Boolean> sliding = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      sliding.add((i + 1) % pattern != 0);
    }
    return Sizes.sliding(file, sliding);
  }

  /** That of the layers that see all, then that of those that see a window. */
  private static List<RotaryEmbedding> ropes(Checkpoint checkpoint, Sizes sizes) {
    ModelConfig file = checkpoint.config();
    RopeReader reader = new RopeReader(checkpoint, sizes.headWidth(), sizes.positions());
    double global = file.above0("rope_theta", 1_000_000);
    double local = file.above0("rope_local_base_freq", 10_000);
    ModelConfig both = file.section("rope_parameters");
    ModelConfig scaling = file.section("rope_scaling");
    RotaryEmbedding full =
        reader.read(
            file.has("rope_scaling") ? scaling : both.section("full_attention"), global, 1, 0);
    both.ignore("full_attention");
    RotaryEmbedding sliding = reader.read(both.section("sliding_attention"), local, 1, 0);
    both.refuseOthers();
    return List.of(full, sliding);
  }

  private static Norm norm(Checkpoint checkpoint, String name, int width, Sizes sizes) {
    float[] gain = checkpoint.floats(name + ".weight", width);
    if (!checkpoint.gguf()) {
      for (int i = 0; i < gain.length; i++) {
        gain[i] += 1;
      }
    }
    return new Norm.Rms(gain, (float) sizes.epsilon());
  }

  /** The root of the width, rounded as the reference rounds it to the type of the embeddings. */
  private static float wordScale(Tensor words) {
    float scale = (float) Math.sqrt(words.shape()[1]);
    return switch (words.type()) {
      case BF16 -> {
        int bits = Float.floatToIntBits(scale);
        yield Float.intBitsToFloat(bits + 0x7fff + (bits >> 16 & 1) & 0xffff0000);
      }
      case F16 -> Float.float16ToFloat(Float.floatToFloat16(scale));
      default -> scale;
    };
  }
}
