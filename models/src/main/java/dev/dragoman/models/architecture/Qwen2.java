package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.kernel.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Qwen 2 and 2.5: Llama with biases on queries, keys and values, and a window on the upper layers
 * where the file says so.
 *
 * <p>Paper: <a href="https://arxiv.org/abs/2407.10671">Yang et al., 2024</a>. Reference
 * implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/qwen2/modeling_qwen2.py">transformers,
 * modeling_qwen2.py</a>.
 */
final class Qwen2 {
  private static final Set<String> CLASSES = Set.of("Qwen2ForCausalLM", "Qwen2Model");

  private Qwen2() {}

  static Decoder open(Checkpoint checkpoint) {
    ModelConfig file = checkpoint.config();
    Sizes.expect(file, "qwen2", CLASSES);
    file.off("use_mrope");
    Sizes sizes = Sizes.read(file, 0, 0, 32_768, 1e-6);
    Activation activation = Sizes.activation(file, "hidden_act", "silu");
    int[] windows = windows(file, sizes.layers());
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
              parts.queryKeyValue(i, true), // [Q + 2K, H]
              parts.attentionOut(i, false), // [H, Q]
              Norm.NONE,
              Norm.NONE,
              0,
              (float) sizes.headScale(),
              windows[i]);
      blocks.add(parts.block(i, attention, parts.gated(i, activation, false)));
    }
    return parts.stack(rope, blocks, tied, "Qwen2");
  }

  /** The window of each layer, 0 for none: from some layer on, or by {@code layer_types}. */
  static int[] windows(ModelConfig file, int layers) {
    boolean use = file.flag("use_sliding_window", false);
    int window = Sizes.window(file, 4096);
    int first = (int) file.number("max_window_layers", 28);
    List<Boolean> upper = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      upper.add(use && window > 0 && i >= first);
    }
    List<Boolean> sliding = Sizes.sliding(file, upper);
    if (!use && sliding.contains(true)) {
      throw file.wrong("use_sliding_window", "true where layer_types has sliding_attention");
    }
    int[] windows = new int[layers];
    for (int i = 0; i < layers; i++) {
      windows[i] = sliding.get(i) ? window : 0;
    }
    return windows;
  }
}
