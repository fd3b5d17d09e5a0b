package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Kernels;
import java.util.Map;
import java.util.TreeMap;

/** The architectures that are known. One more is one more file, and one more line here. */
public final class Architectures {
  private interface Opener<M> {
    M open(ModelConfig config, Weights weights, Kernels kernels);
  }

  private static final Map<String, Opener<Encoder>> ENCODERS =
      new TreeMap<>(Map.of("bert", Bert::open));

  private Architectures() {}

  /**
   * The encoder that a folder's {@code config.json} describes.
   *
   * @throws ModelException if its {@code model_type} is not known, or the weights do not fit it
   */
  public static Encoder encoder(ModelConfig config, Weights weights, Kernels kernels) {
    Opener<Encoder> opener = ENCODERS.get(config.text("model_type"));
    if (opener == null) {
      throw config.wrong("model_type", String.join(" or ", ENCODERS.keySet()));
    }
    return opener.open(config, weights, kernels);
  }
}
