package dev.dragoman.models;

import dev.dragoman.models.vision.Pixels;
import java.nio.file.Path;
import java.util.List;

/**
 * A model that puts pictures and texts into one space, where what belongs together is close. Safe
 * for use by many threads.
 */
public interface PictureEmbedder extends AutoCloseable {
  /**
   * Opens a Hugging Face folder of CLIP or SigLIP.
   *
   * @throws ModelException if there is no such model that is known here
   */
  static PictureEmbedder open(Path folder) {
    return open(folder, 1);
  }

  /**
   * The same.
   *
   * @param threads how many threads a call may use, the caller's own included
   */
  static PictureEmbedder open(Path folder, int threads) {
    return PictureModels.openEmbedder(folder, threads);
  }

  /**
   * Whether a folder says that it holds such a model.
   *
   * @throws ModelException if it cannot be read
   */
  static boolean isOne(Path folder) {
    return PictureModels.isEmbedder(folder);
  }

  /** The length of the vectors. */
  int width();

  /** How many tokens of a text are looked at. */
  int maxTokens();

  /** How many tokens of this text are looked at, with those that the model wants around it. */
  int tokens(String text);

  /**
   * The vectors of pictures.
   *
   * @return [pictures, width], of unit length
   */
  float[][] embed(List<Pixels> pictures);

  /**
   * The vectors of texts.
   *
   * @return [texts, width], of unit length
   */
  float[][] embedTexts(List<String> texts);

  /**
   * How well each text fits each picture, best first. CLIP shares 1 out among the texts; SigLIP
   * gives each a probability of its own.
   *
   * @param texts at least one, best whole captions such as {@code a photo of a cat}
   */
  List<List<Scored>> label(List<Pixels> pictures, List<String> texts);

  /** Unmaps the weights. */
  @Override
  void close();
}
