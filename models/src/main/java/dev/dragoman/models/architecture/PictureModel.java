package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Kernels;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A model that looks at pictures. */
public sealed interface PictureModel permits PictureWriter, PictureReader, TwoTowers {
  /** Whether the file describes one that is known. */
  static boolean isOne(ModelConfig config) {
    return config.has("model_type") && Openers.ALL.containsKey(config.text("model_type"));
  }

  /** Whether the file describes one that puts pictures and texts into one space. */
  static boolean isEmbedder(ModelConfig config) {
    return isOne(config) && List.of("clip", "siglip").contains(config.text("model_type"));
  }

  /**
   * The model that a folder's {@code config.json} describes.
   *
   * @throws ModelException if its {@code model_type} is not known, or the weights do not fit it
   */
  static PictureModel open(ModelConfig config, Weights weights, Kernels kernels) {
    Openers.Opener opener = Openers.ALL.get(config.text("model_type"));
    if (opener == null) {
      throw config.wrong("model_type", String.join(" or ", Openers.ALL.keySet()));
    }
    return opener.open(new Checkpoint(config, weights, kernels, false));
  }

  /** The architectures by their {@code model_type}. */
  final class Openers {
    private static final Map<String, Opener> ALL =
        new TreeMap<>(
            Map.of(
                "blip", Blip::open,
                "clip", Clip::open,
                "idefics3", Idefics3::open,
                "siglip", Siglip::open,
                "smolvlm", Idefics3::open,
                "vision-encoder-decoder", VisionEncoderDecoder::open));

    private Openers() {}

    /** Opens one of them. */
    @FunctionalInterface
    interface Opener {
      PictureModel open(Checkpoint checkpoint);
    }
  }
}
