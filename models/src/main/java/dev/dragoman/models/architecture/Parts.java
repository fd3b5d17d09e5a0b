package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.WeightType;
import dev.dragoman.models.format.EightBits;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.kernel.StoredMatrix;
import java.util.List;

/** Takes the pieces of a transformer out of a checkpoint, by their names there. */
record Parts(Weights weights, Kernels kernels, WeightType type) {
  /** With weights in single precision. */
  Parts(Weights weights, Kernels kernels) {
    this(weights, kernels, WeightType.F32);
  }

  /** {@code name.weight} [outputs, inputs] and {@code name.bias} [outputs]. */
  Matrix linear(String name, int outputs, int inputs) {
    return linear(name, outputs, inputs, true);
  }

  /** {@code name.weight} [outputs, inputs] and, where it has one, {@code name.bias} [outputs]. */
  Matrix linear(String name, int outputs, int inputs, boolean biased) {
    return joined(List.of(name), outputs, inputs, biased);
  }

  /** Several layers with the same input as one, their outputs one after the other. */
  Matrix joined(List<String> names, int outputs, int inputs, boolean biased) {
    int size = Math.multiplyExact(outputs, inputs);
    float[] matrix = new float[Math.multiplyExact(names.size(), size)]; // [names * outputs, inputs]
    float[] bias = new float[names.size() * outputs]; // [names * outputs]
    for (int i = 0; i < names.size(); i++) {
      weights.tensor(names.get(i) + ".weight", outputs, inputs).read(0, matrix, i * size, size);
      if (biased) {
        weights.tensor(names.get(i) + ".bias", outputs).read(0, bias, i * outputs, outputs);
      }
    }
    int rows = names.size() * outputs;
    return type == WeightType.INT8 && inputs % StoredMatrix.BLOCK == 0
        ? kernels.pack(
            new StoredMatrix(
                List.of(EightBits.tensor(names.getFirst() + ".weight", rows, inputs, matrix)),
                bias))
        : kernels.pack(rows, inputs, matrix, bias);
  }

  /** {@code name.weight} and {@code name.bias}, which old checkpoints call gamma and beta. */
  LayerNorm norm(String name, int width) {
    boolean old = !weights.has(name + ".weight") && weights.has(name + ".gamma");
    return new LayerNorm(
        weights.tensor(name + (old ? ".gamma" : ".weight"), width).floats(),
        weights.tensor(name + (old ? ".beta" : ".bias"), width).floats());
  }

  /** {@code name.weight}, and no bias. */
  LayerNorm norm(String name, int width, boolean biased) {
    return biased
        ? norm(name, width)
        : new LayerNorm(weights.tensor(name + ".weight", width).floats(), new float[width]);
  }

  /** {@code name.weight} [rows, width], as numbers. */
  float[] table(String name, int rows, int width) {
    return weights.tensor(name + ".weight", rows, width).floats();
  }

  /** The prefix, if the checkpoint puts it before this name, as one with a head does. */
  String root(String prefix, String name) {
    return weights.has(prefix + name) ? prefix : "";
  }

  /** Refuses the checkpoint if nobody took a tensor whose name starts like this. */
  void refuseOthers(String... prefixes) {
    for (String name : weights.unused()) {
      for (String prefix : prefixes) {
        if (name.startsWith(prefix)) {
          throw new ModelException(
              "tensor %s is not part of the architecture as it is known here".formatted(name));
        }
      }
    }
  }
}
