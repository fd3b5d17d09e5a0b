package dev.dragoman.models;

import java.nio.file.Path;

/** Opens speech models by what is in their folders. */
final class SpeechModels {
  private SpeechModels() {}

  static boolean isOne(Path folder) {
    return false;
  }

  static SpeechRecognizer open(Path folder, int threads) {
    throw none(folder);
  }

  static SpeechModel openModel(Path folder) {
    throw none(folder);
  }

  private static ModelException none(Path folder) {
    return new ModelException(folder + ": there is no speech model that is known here");
  }
}
