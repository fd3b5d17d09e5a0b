package dev.dragoman.multimodal.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Folders of workers, which may be written to while they are deleted. */
final class Folders {
  private Folders() {}

  /** How the folder of a pool begins; those of its workers lie in it. */
  static final String PREFIX = "dragoman-workers-";

  /**
   * Deletes what can be deleted; what a dying process still holds is left to the folder above.
   * Touches nothing but the folder of a pool or of one of its workers, whatever it is asked.
   */
  static void delete(Path folder) {
    if (!isOurs(folder) && !isOurs(folder.toAbsolutePath().getParent())) {
      return;
    }
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(folder)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    } catch (IOException | UncheckedIOException e) {
      return;
    }
    paths.forEach(Folders::tryDelete);
  }

  private static boolean isOurs(@Nullable Path folder) {
    return folder != null
        && folder.getFileName() != null
        && folder.getFileName().toString().startsWith(PREFIX);
  }

  private static boolean tryDelete(Path path) {
    try {
      return Files.deleteIfExists(path);
    } catch (IOException e) {
      return false;
    }
  }
}
