package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.kernel.StoredMatrix;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A model's files on their way to becoming a decoder. All matrices are made here, so that a kernel
 * that takes weights as they are stored needs no change in any architecture.
 *
 * @param config in the words of transformers
 * @param weights by their names in transformers
 * @param gguf whether they come out of a GGUF file, where {@code 1 +} is already in the gains of
 *     Gemma and the llama architecture turns neighbours
 * @param modules the linear layers that have been made, without the head
 */
record Checkpoint(
    ModelConfig config, Weights weights, Kernels kernels, boolean gguf, Modules modules) {
  private static final float[] NO_BIAS = new float[0];

  Checkpoint(ModelConfig config, Weights weights, Kernels kernels, boolean gguf) {
    this(config, weights, kernels, gguf, new Modules());
  }

  /** Which prefix the names of the tensors have: that of a model with a head, or none. */
  String root(String embeddings, String prefix) {
    return weights.has(prefix + embeddings) ? prefix : "";
  }

  Matrix linear(String name, int outputs, int inputs, boolean bias) {
    return joined(List.of(name), new int[] {outputs}, inputs, bias);
  }

  /** Several layers with the same input as one: their outputs follow one another. */
  Matrix joined(List<String> names, int[] outputs, int inputs, boolean bias) {
    return joined(names, outputs, inputs, name -> bias);
  }

  /** The same, some of the layers with a bias. */
  Matrix joined(List<String> names, int[] outputs, int inputs, Predicate<String> biased) {
    Matrix matrix = matrix(names, outputs, inputs, biased);
    modules.add(names, outputs, matrix);
    return matrix;
  }

  private Matrix matrix(List<String> names, int[] outputs, int inputs, Predicate<String> biased) {
    boolean bias = names.stream().anyMatch(biased);
    Tensor[] parts = new Tensor[names.size()];
    int[] ends = outputs.clone();
    Arrays.parallelPrefix(ends, Math::addExact);
    int all = ends[ends.length - 1];
    float[] biases = bias ? new float[all] : NO_BIAS;
    for (int i = 0; i < parts.length; i++) {
      parts[i] = weights.tensor(names.get(i) + ".weight", outputs[i], inputs);
      if (biased.test(names.get(i))) {
        weights
            .tensor(names.get(i) + ".bias", outputs[i])
            .read(0, biases, ends[i] - outputs[i], outputs[i]);
      }
    }
    if (Arrays.stream(parts).allMatch(StoredMatrix::takes)) {
      Matrix packed = kernels.pack(new StoredMatrix(List.of(parts), biases));
      if (!(packed instanceof StoredMatrix)) {
        Arrays.stream(parts).forEach(Tensor::release);
      }
      return packed;
    }
    return kernels.pack(
        all,
        inputs,
        (row, into, at) -> {
          int part = 0;
          while (row >= ends[part]) {
            part++;
          }
          long from = row - ends[part] + outputs[part];
          parts[part].read(from * inputs, into, at, inputs);
        },
        biases);
  }

  /** A layer with a bias whose weights transformers stores [inputs, outputs]. */
  Matrix transposed(String name, int outputs, int inputs) {
    if (gguf) {
      return linear(name, outputs, inputs, true);
    }
    float[] stored = weights.tensor(name + ".weight", inputs, outputs).floats();
    Matrix matrix =
        kernels.pack(
            outputs,
            inputs,
            (row, into, at) -> {
              for (int i = 0; i < inputs; i++) {
                into[at + i] = stored[i * outputs + row];
              }
            },
            floats(name + ".bias", outputs));
    modules.add(List.of(name), new int[] {outputs}, matrix);
    return matrix;
  }

  /**
   * The head, if the checkpoint is of a model that has one: its own weights, or the embeddings.
   *
   * @param tied whether the embeddings are its weights, unless it has its own
   * @param words the name of the embeddings
   */
  Optional<Matrix> head(String words, int vocabulary, int width, boolean tied) {
    boolean headless =
        config.texts("architectures").stream().anyMatch(name -> name.endsWith("Model"))
            && config.texts("architectures").stream().noneMatch(name -> name.contains("LMHead"));
    if (headless) {
      return Optional.empty();
    }
    String name = tied && !weights.has("lm_head.weight") ? words : "lm_head";
    return Optional.of(matrix(List.of(name), new int[] {vocabulary}, width, part -> false));
  }

  /**
   * A head of these weights, which may be those of embeddings.
   *
   * @param words [V, H]
   * @param scale what they are multiplied by
   * @param bias [V]
   */
  Matrix head(Tensor words, float scale, float[] bias) {
    int width = (int) words.dimension(1);
    return kernels.pack(
        (int) words.dimension(0),
        width,
        (row, into, at) -> {
          words.read((long) row * width, into, at, width);
          for (int i = at; scale != 1 && i < at + width; i++) {
            into[i] *= scale;
          }
        },
        bias);
  }

  float[] floats(String name, int count) {
    return weights.tensor(name, count).floats();
  }

  Norm rmsNorm(String name, int width, double epsilon) {
    return new Norm.Rms(floats(name + ".weight", width), (float) epsilon);
  }

  Norm layerNorm(String name, int width, double epsilon) {
    return new Norm.Layer(
        floats(name + ".weight", width), floats(name + ".bias", width), (float) epsilon);
  }

  /** Refuses the checkpoint if it has tensors that nobody asked for. */
  void refuseOthers(String architecture) {
    for (String name : weights.unused()) {
      throw new ModelException(
          "tensor %s is not part of the %s that is known here".formatted(name, architecture));
    }
  }
}
