package dev.dragoman.pipelines;

import org.apache.beam.sdk.Pipeline;

/** Applies the steps of a recipe that are neither operators nor files. */
final class Stages {
  private Stages() {}

  static void apply(Recipe.Stage stage, Recipe recipe, Pipeline pipeline, Flows flows) {
    switch (stage.config()) {
      default -> throw new IllegalStateException("no step " + stage.config().info().name());
    }
  }
}
