package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.kernel.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Phi-3 and Phi-4-mini: Llama with fused projections, rotary embeddings of a part of each head, and
 * other frequencies for long texts.
 *
 * <p>Paper: <a href="https://arxiv.org/abs/2404.14219">Abdin et al., 2024</a>. Reference
 * implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/phi3/modeling_phi3.py">transformers,
 * modeling_phi3.py</a>.
 */
final class Phi3 {
  private static final Set<String> CLASSES = Set.of("Phi3ForCausalLM", "Phi3Model");

  private Phi3() {}

  static Decoder open(Checkpoint checkpoint) {
    ModelConfig file = checkpoint.config();
    Sizes.expect(file, "phi3", CLASSES);
    file.off("attention_bias");
    file.off("mlp_bias");
    file.off("lm_head_bias");
    file.one("interpolate_factor");
    file.one("full_attn_mod");
    file.ignore("resid_pdrop", "embd_pdrop");
    Sizes sizes = Sizes.read(file, 0, 0, 4096, 1e-5);
    Activation activation = Sizes.activation(file, "hidden_act", "silu");
    int window = Sizes.window(file, 0);
    RotaryEmbedding rope =
        new RopeReader(checkpoint, sizes.headWidth(), sizes.positions()).read(10_000, 4096);
    if (!(rope.scaling() instanceof RopeScaling.Plain
        || rope.scaling() instanceof RopeScaling.LongRope)) {
      throw file.wrong(
          file.has("rope_scaling") ? "rope_scaling" : "rope_parameters", "default or longrope");
    }
    boolean tied = file.flag("tie_word_embeddings", false);
    file.refuseOthers();
    LlamaLike parts = new LlamaLike(checkpoint, sizes);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < sizes.layers(); i++) {
      String at = parts.layer(i);
      CausalAttention attention =
          new CausalAttention(
              sizes.cache(),
              checkpoint.linear( // [Q + 2K, H]
                  at + "self_attn.qkv_proj",
                  sizes.queries() + 2 * sizes.keys(),
                  sizes.width(),
                  false),
              parts.attentionOut(i, false), // [H, Q]
              Norm.NONE,
              Norm.NONE,
              0,
              (float) sizes.headScale(),
              window);
      FeedForward feedForward =
          new FeedForward.Gated(
              activation,
              checkpoint.linear( // [2I, H]
                  at + "mlp.gate_up_proj", 2 * sizes.inner(), sizes.width(), false),
              checkpoint.linear( // [H, I]
                  at + "mlp.down_proj", sizes.width(), sizes.inner(), false));
      blocks.add(parts.block(i, attention, feedForward));
    }
    return parts.stack(rope, blocks, tied, "Phi-3");
  }
}
