package dev.dragoman.models;

import java.nio.file.Path;

/** Opens models for translation by what is in their folders. */
final class Translators {
  private Translators() {}

  static boolean isOne(Path folder) {
    return SequenceTranslator.isOne(folder) || MarianFolder.isOne(folder);
  }

  static Translator open(Path folder, int threads) {
    if (SequenceTranslator.isOne(folder)) {
      return SequenceTranslator.open(folder, threads);
    }
    if (MarianFolder.isOne(folder)) {
      MarianFolder files = MarianFolder.of(folder);
      return files.isStudent()
          ? FirefoxTranslator.open(files, threads)
          : SequenceTranslator.open(folder, files, threads);
    }
    throw new ModelException(folder + ": there is no model for translation that is known here");
  }
}
