package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.kernel.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Qwen 3: Llama with an RMS norm on each head's query and key.
 *
 * <p>Paper: <a href="https://arxiv.org/abs/2505.09388">Yang et al., 2025</a>. Reference
 * implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/qwen3/modeling_qwen3.py">transformers,
 * modeling_qwen3.py</a>.
 */
final class Qwen3 {
  private static final Set<String> CLASSES = Set.of("Qwen3ForCausalLM", "Qwen3Model");

  private Qwen3() {}

  static Decoder open(Checkpoint checkpoint) {
    ModelConfig file = checkpoint.config();
    Sizes.expect(file, "qwen3", CLASSES);
    Sizes sizes = Sizes.read(file, 128, 0, 32_768, 1e-6);
    boolean bias = file.flag("attention_bias", false);
    Activation activation = Sizes.activation(file, "hidden_act", "silu");
    int[] windows = Qwen2.windows(file, sizes.layers());
    RotaryEmbedding rope =
        new RopeReader(checkpoint, sizes.headWidth(), sizes.positions()).read(10_000, 0);
    boolean tied = file.flag("tie_word_embeddings", false);
    file.refuseOthers();
    LlamaLike parts = new LlamaLike(checkpoint, sizes);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < sizes.layers(); i++) {
      String at = parts.layer(i) + "self_attn.";
      CausalAttention attention =
          new CausalAttention(
              sizes.cache(),
              parts.queryKeyValue(i, bias), // [Q + 2K, H]
              parts.attentionOut(i, bias), // [H, Q]
              checkpoint.rmsNorm(at + "q_norm", sizes.headWidth(), sizes.epsilon()),
              checkpoint.rmsNorm(at + "k_norm", sizes.headWidth(), sizes.epsilon()),
              0,
              (float) sizes.headScale(),
              windows[i]);
      blocks.add(parts.block(i, attention, parts.gated(i, activation, false)));
    }
    return parts.stack(rope, blocks, tied, "Qwen3");
  }
}
