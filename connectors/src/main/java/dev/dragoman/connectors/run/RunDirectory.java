package dev.dragoman.connectors.run;

import dev.dragoman.connectors.UsageException;
import dev.dragoman.connectors.parquet.StreamMarker;
import dev.dragoman.connectors.parquet.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * An output folder, for reading: of a finished run, or of a stream, to which files are added.
 *
 * @param folder absolute
 * @param report of the last run into it; of a stream it counts nothing
 */
public record RunDirectory(Path folder, RunReport report) {
  /** The name of the folder the search index is in. */
  public static final String INDEX = "index";

  static final String STAGING = ".staging-";
  static final String READY = "ready";
  static final String REPLACED = "replaced";
  static final String COMMIT = "COMMIT";
  static final String INPUTS = ".inputs";

  private static final int WAITS = 100;

  /**
   * Opens a folder that {@code --out} named.
   *
   * @throws UsageException if no run has finished there and no stream writes to it
   */
  public static RunDirectory open(Path given) throws IOException {
    Path folder = given.toAbsolutePath().normalize();
    if (!Files.isDirectory(folder)) {
      throw new UsageException(
          given + " is not a folder; name the folder that 'dragoman enrich' wrote with --out");
    }
    for (int i = 0; i < WAITS && !committing(folder).isEmpty(); i++) {
      try (FolderLock lock = FolderLock.tryTake(folder)) {
        if (lock != null) {
          finishCommits(folder);
        }
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while a run into " + folder + " was committing", e);
      }
    }
    if (!Files.exists(folder.resolve(RunReport.FILE))) {
      StreamMarker stream = StreamMarker.read(folder);
      if (stream != null) {
        return new RunDirectory(folder, RunReport.ofStream(stream.recipeDigest()));
      }
      throw new UsageException(
          stagings(folder).isEmpty()
              ? given + " holds no run (there is no run.json in it)"
              : "the run into "
                  + given
                  + " has not finished; run the same command with --resume to finish it");
    }
    try {
      return new RunDirectory(folder, RunReport.read(folder));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new UsageException(folder.resolve(RunReport.FILE) + " is damaged", e);
    }
  }

  /** Where the search index is. */
  public Path index() {
    return folder.resolve(INDEX);
  }

  /** What becomes visible, in this order; {@code run.json} says that all is there. */
  static List<String> parts() {
    return List.of(
        INPUTS,
        Table.CHUNKS.folder(),
        Table.ANNOTATIONS.folder(),
        Table.REJECTED.folder(),
        Table.DOCUMENTS.folder(),
        INDEX,
        RunReport.FILE);
  }

  static List<Path> stagings(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path file : Disk.list(folder)) {
      if (file.getFileName().toString().startsWith(STAGING) && Files.isDirectory(file)) {
        found.add(file);
      }
    }
    return found;
  }

  private static List<Path> committing(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path staging : stagings(folder)) {
      if (Files.exists(staging.resolve(COMMIT))) {
        found.add(staging);
      }
    }
    return found;
  }

  /** Finishes what was decided but not all moved. The caller holds the lock. */
  static void finishCommits(Path folder) throws IOException {
    for (Path staging : committing(folder)) {
      moveIntoPlace(folder, staging);
    }
  }

  /**
   * Moves what is ready into place and what it replaces out of the way. Done again after a crash at
   * any point, it goes on where it stopped.
   */
  static void moveIntoPlace(Path folder, Path staging) throws IOException {
    Path ready = staging.resolve(READY);
    Path replaced = Files.createDirectories(staging.resolve(REPLACED));
    if (Files.exists(ready.resolve(RunReport.FILE))) {
      retire(folder.resolve(RunReport.FILE), replaced.resolve(RunReport.FILE));
    }
    for (String part : parts()) {
      Path fresh = ready.resolve(part);
      if (Files.exists(fresh)) {
        retire(folder.resolve(part), replaced.resolve(part));
        Files.move(fresh, folder.resolve(part), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    Disk.sync(folder.resolve(RunReport.FILE));
    Disk.delete(staging);
  }

  private static void retire(Path old, Path place) throws IOException {
    if (Files.exists(old)) {
      Files.move(old, place, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
