package dev.dragoman.models;

import java.nio.file.Path;

final class Models {
  private Models() {}

  static TextEmbedder openEmbedder(Path folder) {
    throw new ModelException("no architecture yet: " + folder);
  }
}
