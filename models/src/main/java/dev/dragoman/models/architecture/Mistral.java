package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.kernel.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Mistral: Llama, each token seeing a window of positions only, where the file says so.
 *
 * <p>Paper: <a href="https://arxiv.org/abs/2310.06825">Jiang et al., 2023</a>. Reference
 * implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/mistral/modeling_mistral.py">transformers,
 * modeling_mistral.py</a>.
 */
final class Mistral {
  private static final Set<String> CLASSES = Set.of("MistralForCausalLM", "MistralModel");

  private Mistral() {}

  static Decoder open(Checkpoint checkpoint) {
    ModelConfig file = checkpoint.config();
    Sizes.expect(file, "mistral", CLASSES);
    Sizes sizes = Sizes.read(file, 0, 8, 131_072, 1e-6);
    Activation activation = Sizes.activation(file, "hidden_act", "silu");
    int window = Sizes.window(file, 4096);
    RotaryEmbedding rope =
        new RopeReader(checkpoint, sizes.headWidth(), sizes.positions()).read(10_000, 0);
    boolean tied = file.flag("tie_word_embeddings", false);
    file.refuseOthers();
    LlamaLike parts = new LlamaLike(checkpoint, sizes);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < sizes.layers(); i++) {
      CausalAttention attention =
          new CausalAttention(
              sizes.cache(),
              parts.queryKeyValue(i, false), // [Q + 2K, H]
              parts.attentionOut(i, false), // [H, Q]
              Norm.NONE,
              Norm.NONE,
              0,
              (float) sizes.headScale(),
              window);
      blocks.add(parts.block(i, attention, parts.gated(i, activation, false)));
    }
    return parts.stack(rope, blocks, tied, "Mistral");
  }
}
