package dev.dragoman.multimodal.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders of workers, which may be written to while they are deleted. */
final class Folders {
  private Folders() {}

  /** Deletes what can be deleted; what a dying process still holds is left to the folder above. */
  static void delete(Path folder) {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(folder)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    } catch (IOException | UncheckedIOException e) {
      return;
    }
    paths.forEach(Folders::tryDelete);
  }

  private static boolean tryDelete(Path path) {
    try {
      return Files.deleteIfExists(path);
    } catch (IOException e) {
      return false;
    }
  }
}
