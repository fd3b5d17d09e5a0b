package dev.dragoman.models;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.PackedMatrix;
import java.nio.file.Path;

/** What sentence-transformers does to a text's vector after pooling. */
sealed interface SentenceStep {
  /** The vector after this step; it may be the same array. */
  float[] apply(Kernels kernels, float[] vector);

  /** How long the vector is after this step, if it was so long before. */
  int width(int before);

  /** Scales to unit length. */
  record UnitLength() implements SentenceStep {
    @Override
    public float[] apply(Kernels kernels, float[] vector) {
      kernels.unitLength(vector);
      return vector;
    }

    @Override
    public int width(int before) {
      return before;
    }
  }

  /** A linear layer. */
  record Dense(
      PackedMatrix matrix, // [outputs, inputs]
      Activation activation)
      implements SentenceStep {
    static Dense read(Path folder, Kernels kernels) {
      ModelConfig config = ModelConfig.readFile(folder.resolve("config.json"));
      int inputs = config.positive("in_features");
      int outputs = config.positive("out_features");
      boolean biased = config.flag("bias", true);
      Activation activation =
          switch (config.text("activation_function", "torch.nn.modules.activation.Tanh")) {
            case "torch.nn.modules.activation.Tanh" -> Activation.TANH;
            case "torch.nn.modules.activation.ReLU" -> Activation.RELU;
            case "torch.nn.modules.activation.GELU" -> Activation.GELU;
            case "torch.nn.modules.activation.SiLU" -> Activation.SILU;
            case "torch.nn.modules.linear.Identity" -> Activation.NONE;
            default ->
                throw config.wrong(
                    "activation_function", "torch's Tanh, ReLU, GELU, SiLU or Identity");
          };
      config.only("module_input_name", "sentence_embedding");
      config.only("module_output_name", "sentence_embedding");
      config.off("use_residual");
      config.refuseOthers();
      try (Weights weights = Weights.open(folder)) {
        float[] bias =
            biased ? weights.tensor("linear.bias", outputs).floats() : new float[outputs];
        float[] matrix = weights.tensor("linear.weight", outputs, inputs).floats();
        return new Dense(kernels.pack(outputs, inputs, matrix, bias), activation);
      }
    }

    @Override
    public float[] apply(Kernels kernels, float[] vector) {
      float[] out = new float[matrix.outputs()];
      kernels.linear(1, vector, 0, vector.length, matrix, activation, out, 0, out.length);
      return out;
    }

    @Override
    public int width(int before) {
      if (before != matrix.inputs()) {
        throw new ModelException(
            "a Dense module takes vectors of %d numbers, but those before it have %d"
                .formatted(matrix.inputs(), before));
      }
      return matrix.outputs();
    }
  }

  /** Normalises by mean and variance. */
  record Norm(
      float[] gain, // [width]
      float[] bias // [width]
      ) implements SentenceStep {
    /** What torch adds to the variance if nothing else is said. */
    private static final float EPSILON = 1e-5f;

    static Norm read(Path folder) {
      ModelConfig config = ModelConfig.readFile(folder.resolve("config.json"));
      int width = config.positive("dimension");
      config.refuseOthers();
      try (Weights weights = Weights.open(folder)) {
        return new Norm(
            weights.tensor("norm.weight", width).floats(),
            weights.tensor("norm.bias", width).floats());
      }
    }

    @Override
    public float[] apply(Kernels kernels, float[] vector) {
      int width = vector.length;
      kernels.normalize(1, width, vector, 0, width, gain, bias, EPSILON, vector, 0, width);
      return vector;
    }

    @Override
    public int width(int before) {
      if (before != gain.length) {
        throw new ModelException(
            "a LayerNorm module takes vectors of %d numbers, but those before it have %d"
                .formatted(gain.length, before));
      }
      return before;
    }
  }
}
