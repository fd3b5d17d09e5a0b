package dev.dragoman.tests;

import dev.dragoman.models.catalog.ModelPuller;
import dev.dragoman.models.catalog.ModelStore;
import java.nio.file.Path;

/** The starter models, pulled into the user's cache when a test first asks for them. */
public final class StarterModels {
  private StarterModels() {}

  /** The folder of all-minilm-l6-v2. */
  public static synchronized Path minilm() {
    return ModelPuller.ensure(ModelStore.atDefaultHome(), "all-minilm-l6-v2");
  }

  /** The folder of multilingual-e5-small. */
  public static synchronized Path e5() {
    return ModelPuller.ensure(ModelStore.atDefaultHome(), "multilingual-e5-small");
  }
}
