package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Kernels;
import java.util.Optional;

/** An architecture of encoders: how its checkpoints are read. Has no state. */
interface EncoderFamily {
  /** What its classes' names begin with in key {@code architectures}. */
  String prefix();

  /** Whether a file with its {@code model_type} is one of its own. */
  default boolean takes(ModelConfig file) {
    return true;
  }

  /**
   * The encoder, without its head.
   *
   * @throws dev.dragoman.models.ModelException if a key or a tensor is not known, or one is missing
   */
  Encoder encoder(ModelConfig file, Parts parts);

  /** The head that the checkpoint has by key {@code architectures}; empty if none. */
  Optional<Head> head(ModelConfig file, Weights weights, Kernels kernels);
}
