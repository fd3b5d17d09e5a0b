package dev.dragoman.multimodal.read;

import dev.dragoman.multimodal.worker.WorkerException;
import dev.dragoman.multimodal.worker.WorkerPool;
import dev.dragoman.multimodal.worker.WorkerSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Reads files of any kind in worker processes. Thread-safe.
 *
 * {@snippet :
 * try (FileReader reader = FileReader.open()) {
 *   ReadResult result = reader.read(Path.of("mail.eml"), "mail.eml", ReadLimits.defaults());
 * }
 * }
 */
public final class FileReader implements AutoCloseable {
  private final WorkerPool pool;
  private final Path temporary;

  private FileReader(WorkerPool pool, Path temporary) {
    this.pool = pool;
    this.temporary = temporary;
  }

  /** A reader on this JVM's pool of reading processes, with the limits of {@link #defaultSpec}. */
  public static FileReader open() {
    return open(defaultSpec());
  }

  /**
   * A reader on the pool of this spec; its service must be {@link ReadService}.
   *
   * @throws IllegalArgumentException if it is another
   */
  public static FileReader open(WorkerSpec spec) {
    return open(spec, Path.of(System.getProperty("java.io.tmpdir")));
  }

  static FileReader open(WorkerSpec spec, Path temporary) {
    if (spec.service() != ReadService.class) {
      throw new IllegalArgumentException(
          "the service must be ReadService, not " + spec.service().getName());
    }
    return new FileReader(WorkerPool.shared(spec), temporary);
  }

  /**
   * A process for each core (four at most) with 512 MiB of heap; 60 seconds a file; a fresh process
   * every 1,000 files.
   */
  public static WorkerSpec defaultSpec() {
    return WorkerSpec.of(ReadService.class);
  }

  /**
   * Reads one file.
   *
   * @param name its name where it came from; the ending helps to tell formats without a signature
   *     apart
   * @throws WorkerException if there is nothing to give: {@code UNREADABLE}, {@code EMPTY}, {@code
   *     CORRUPT}, {@code ENCRYPTED}, {@code UNSUPPORTED}, {@code TOO_LARGE}, {@code TIMEOUT},
   *     {@code OUT_OF_MEMORY}, {@code WORKER_CRASHED}; with a message for a person
   */
  public ReadResult read(Path file, String name, ReadLimits limits) throws WorkerException {
    check(file, limits);
    Path spool = spool();
    try {
      return Codec.result(
          pool.call(Codec.encode(new Codec.Request(file.toAbsolutePath(), name, spool, limits))),
          spool);
    } catch (IOException e) {
      throw new WorkerException(
          "INTERNAL", "what a worker process read could not be fetched: " + e.getMessage());
    } finally {
      delete(spool);
    }
  }

  private static void check(Path file, ReadLimits limits) throws WorkerException {
    if (!Files.isRegularFile(file)) {
      throw new WorkerException(
          "UNREADABLE",
          Files.exists(file) ? "it is not a regular file" : "there is no such file (any more)");
    }
    if (!Files.isReadable(file)) {
      throw new WorkerException(
          "UNREADABLE", "it may not be read by this user; change its permissions");
    }
    long size;
    try {
      size = Files.size(file);
    } catch (IOException e) {
      throw new WorkerException("UNREADABLE", "it cannot be read: " + e.getMessage());
    }
    if (size == 0) {
      throw new WorkerException("EMPTY", "the file is empty (0 bytes)");
    }
    if (size > limits.maxFileBytes()) {
      throw new WorkerException(
          "TOO_LARGE",
          String.format(
              Locale.ROOT,
              "the file has %,d bytes and the limit is %,d; split it or raise the limit",
              size,
              limits.maxFileBytes()));
    }
  }

  private Path spool() throws WorkerException {
    try {
      return Files.createTempDirectory(temporary, "dragoman-read-");
    } catch (IOException e) {
      throw new WorkerException(
          "INTERNAL", "no temporary folder could be made in " + temporary + ": " + e.getMessage());
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      folder.toFile().deleteOnExit();
    }
  }

  /** Gives up this reader's share in the pool. */
  @Override
  public void close() {
    pool.close();
  }
}
