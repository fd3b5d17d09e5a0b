package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Llama 2 and 3, and what is built like them (SmolLM2): RMS norms before each part, rotary
 * embeddings, grouped queries, a feed-forward part gated by SiLU.
 *
 * <p>Paper: <a href="https://arxiv.org/abs/2307.09288">Touvron et al., 2023</a>. Reference
 * implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/llama/modeling_llama.py">transformers,
 * modeling_llama.py</a>.
 */
final class Llama {
  private static final Set<String> CLASSES = Set.of("LlamaForCausalLM", "LlamaModel");

  private Llama() {}

  static Decoder open(Checkpoint checkpoint) {
    ModelConfig file = checkpoint.config();
    Sizes.expect(file, "llama", CLASSES);
    file.ignore("pretraining_tp");
    Sizes sizes = Sizes.read(file, 0, 0, 2048, 1e-6);
    boolean attentionBias = file.flag("attention_bias", false);
    boolean innerBias = file.flag("mlp_bias", false);
    Activation activation = Sizes.activation(file, "hidden_act", "silu");
    RotaryEmbedding rope =
        new RopeReader(checkpoint, sizes.headWidth(), sizes.positions()).read(10_000, 0);
    boolean tied = file.flag("tie_word_embeddings", false);
    file.refuseOthers();
    LlamaLike parts = new LlamaLike(checkpoint, sizes);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < sizes.layers(); i++) {
      Matrix queryKeyValue = parts.queryKeyValue(i, attentionBias); // [Q + 2K, H]
      Matrix out = parts.attentionOut(i, attentionBias); // [H, Q]
      CausalAttention attention =
          new CausalAttention(
              sizes.cache(),
              queryKeyValue,
              out,
              Norm.NONE,
              Norm.NONE,
              0,
              (float) sizes.headScale(),
              0);
      blocks.add(parts.block(i, attention, parts.gated(i, activation, innerBias)));
    }
    // The converter to GGUF reorders the rows of queries and keys so that neighbours are turned.
    RotaryEmbedding turned =
        new RotaryEmbedding(rope.base(), rope.width(), checkpoint.gguf(), rope.scaling());
    return parts.stack(turned, blocks, tied, "Llama");
  }
}
