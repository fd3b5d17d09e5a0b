package dev.dragoman.models;

import java.nio.file.Path;

/** Opens models that look at pictures by what is in their folders. */
final class PictureModels {
  private PictureModels() {}

  static boolean isDescriber(Path folder) {
    return false;
  }

  static boolean isEmbedder(Path folder) {
    return false;
  }

  static PictureDescriber openDescriber(Path folder, int threads) {
    throw new ModelException(folder + ": there is no model for pictures that is known here");
  }

  static PictureEmbedder openEmbedder(Path folder, int threads) {
    throw new ModelException(folder + ": there is no model for pictures that is known here");
  }
}
