package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.CTranslate2;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.format.Weights;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Gives the variables of CTranslate2 the names that transformers has for them. What it stores as
 * one layer is cut apart again; nothing is copied.
 */
final class ConvertedVariables {
  private static final String WEIGHT = "/weight";
  private static final String BIAS = "/bias";

  private final Path folder;
  private final CTranslate2 file;
  private final Weights weights;
  private final Map<String, Tensor> tensors = new HashMap<>();

  ConvertedVariables(Path folder, CTranslate2 file, Weights weights) {
    this.folder = folder;
    this.file = file;
    this.weights = weights;
  }

  /** All that were given names, mapped as long as the file. */
  Weights renamed() {
    return weights.rearranged(tensors);
  }

  /** How many layers the encoder or the decoder has. */
  int layers(String side) {
    int count = 0;
    while (weights.has(side + "/layer_" + count + "/ffn/linear_0" + WEIGHT)) {
      count++;
    }
    if (count == 0) {
      throw wrong("has no %s/layer_0/ffn/linear_0/weight, so no layers".formatted(side));
    }
    return count;
  }

  /** How many attention heads the encoder or the decoder has: a divisor of this. */
  int heads(String side, long width) {
    String name = side + "/num_heads";
    int heads = file.whole(name);
    if (heads < 1 || width % heads != 0) {
      throw wrong("has %s %d, which is no divisor of %d".formatted(name, heads, width));
    }
    return heads;
  }

  /** What transformers calls the activation in the encoder or the decoder. */
  String activation(String side, int absent) {
    String name = side + "/activation";
    double code = file.setting(name).orElse(absent);
    return switch ((int) code) {
      case 0 -> "relu";
      case 1 -> "gelu_new";
      case 2 -> "silu";
      case 3 -> "gelu";
      case 4 -> "quick_gelu";
      default -> throw wrong("has %s %s, which is not known here".formatted(name, code));
    };
  }

  Tensor move(String from, String to) {
    Tensor tensor = weights.any(from);
    Tensor moved = tensor.rows(to, 0, tensor.dimension(0));
    tensors.put(to, moved);
    return moved;
  }

  /** A normalisation with a gain and a shift. */
  void norm(String from, String to) {
    move(from + "/gamma", to + ".weight");
    move(from + "/beta", to + ".bias");
  }

  /** Cuts a linear layer with a bias into some of equally many outputs. */
  void biased(String from, String to, String... parts) {
    cut(from, WEIGHT, to, ".weight", parts);
    cut(from, BIAS, to, ".bias", parts);
  }

  /** The same of one without a bias. */
  void plain(String from, String to, String... parts) {
    cut(from, WEIGHT, to, ".weight", parts);
  }

  /** Attention among the states of one text, as BART and its kin name its parts. */
  void attention(String from, String to, String name) {
    norm(from + "layer_norm", to + name + "_layer_norm");
    biased(from + "linear_0", to + name + ".", "q_proj", "k_proj", "v_proj");
    biased(from + "linear_1", to + name + ".", "out_proj");
  }

  /** Attention over the states of another text, as BART and its kin name its parts. */
  void crossAttention(String from, String to, String name) {
    norm(from + "layer_norm", to + name + "_layer_norm");
    biased(from + "linear_0", to + name + ".", "q_proj");
    biased(from + "linear_1", to + name + ".", "k_proj", "v_proj");
    biased(from + "linear_2", to + name + ".", "out_proj");
  }

  /** The layers that raise and lower, as BART and its kin name them. */
  void feedForward(String from, String to) {
    norm(from + "layer_norm", to + "final_layer_norm");
    biased(from + "linear_0", to, "fc1");
    biased(from + "linear_1", to, "fc2");
  }

  private void cut(String from, String kind, String to, String ending, String... parts) {
    Tensor whole = weights.any(from + kind);
    long rows = whole.dimension(0) / parts.length;
    if (rows * parts.length != whole.dimension(0)) {
      throw wrong(
          "has %s with %d rows, which are not %d times as many"
              .formatted(from + kind, whole.dimension(0), parts.length));
    }
    for (int i = 0; i < parts.length; i++) {
      String name = to + parts[i] + ending;
      tensors.put(name, whole.rows(name, i * rows, rows));
    }
  }

  /** Whether two variables are stored as one. */
  boolean same(String one, String other) {
    return weights.any(one).bytes().address() == weights.any(other).bytes().address();
  }

  /** Takes back what was given a name. */
  Tensor drop(String name) {
    Tensor tensor = tensors.remove(name);
    if (tensor == null) {
      throw new IllegalArgumentException(name);
    }
    return tensor;
  }

  /** What to say of a file that is not as it should be. */
  ModelException wrong(String what) {
    return new ModelException("%s: model.bin %s".formatted(folder, what));
  }
}
