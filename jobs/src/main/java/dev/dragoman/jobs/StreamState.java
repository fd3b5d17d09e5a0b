package dev.dragoman.jobs;

import dev.dragoman.pipelines.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where the state of one stream is kept and what it starts from.
 *
 * @param folder of its checkpoints, as an address
 * @param from a savepoint or checkpoint, empty to start with nothing
 * @param allowLost whether {@code from} may hold state that no step takes
 */
record StreamState(String folder, String from, boolean allowLost) {
  private static final String METADATA = "_metadata";

  /** How many checkpoints are kept, so that a task that heard late can build on them. */
  private static final int RETAINED = 3;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /**
   * Decides what a stream starts from.
   *
   * @param base where streams keep their state, as an address
   * @param name of the stream
   * @throws UserException if it has run before, and the flags do not say what to do about it
   */
  static StreamState of(String base, String name, StreamFlags flags, JobOptions job)
      throws IOException {
    String folder = base + (base.endsWith("/") ? "" : "/") + name;
    if (!flags.savepoint().isEmpty()) {
      return new StreamState(folder, address(flags.savepoint()), flags.allowLostState());
    }
    Optional<Path> newest = newest(folder);
    return switch (job.mode()) {
      case RESUME ->
          new StreamState(
              folder,
              newest
                  .map(path -> path.toUri().toString())
                  .orElseThrow(() ->
                      new UserException(
                          "there is no checkpoint of "
                              + name
                              + " in "
                              + folder
                              + "; start it without --resume")),
              flags.allowLostState());
      case OVERWRITE -> new StreamState(folder, "", false);
      case FRESH, REPLAY -> {
        if (newest.isPresent()) {
          throw new UserException(
              name
                  + " has run before (its newest checkpoint is "
                  + newest.get()
                  + "); --resume goes on from there, --overwrite starts over");
        }
        yield new StreamState(folder, "", false);
      }
    };
  }

  /** The settings of Flink for a stream with this state. */
  SortedMap<String, String> settings(Recipe.Options options) {
    SortedMap<String, String> settings = new TreeMap<>();
    settings.put("state.checkpoints.dir", folder);
    settings.put("state.savepoints.dir", folder + "/savepoints");
    settings.put("execution.checkpointing.timeout", "10 min");
    settings.put("state.checkpoints.num-retained", Integer.toString(RETAINED));
    settings.put(
        "execution.checkpointing.tolerable-failed-checkpoints",
        Integer.toString(StreamBackend.TOLERATED));
    if (options.restarts() < 0) {
      settings.put("restart-strategy.type", "exponential-delay");
      settings.put("restart-strategy.exponential-delay.initial-backoff", "1 s");
      settings.put("restart-strategy.exponential-delay.max-backoff", "20 s");
    } else {
      settings.put("restart-strategy.type", "fixed-delay");
      settings.put("restart-strategy.fixed-delay.attempts", Integer.toString(options.restarts()));
      settings.put("restart-strategy.fixed-delay.delay", "2 s");
    }
    if (!from.isEmpty()) {
      settings.put("execution.savepoint.path", from);
      settings.put("execution.savepoint.ignore-unclaimed-state", Boolean.toString(allowLost));
    }
    return settings;
  }

  /**
   * How long nothing is saved after a checkpoint. Tasks build a checkpoint on the last of which
   * they heard that it is complete, and the files of one that is followed by others are deleted:
   * checkpoints must not follow so closely that the word is late, and those that were put off would
   * follow each other at once.
   */
  static Duration pause(Duration every) {
    return Duration.ofMillis(Math.min(every.toMillis() / 2, LONGEST_PAUSE.toMillis()));
  }

  /** A folder as an address; what is an address already stays. */
  static String address(String given) {
    return given.contains("://") || given.startsWith("file:")
        ? given
        : Path.of(given).toAbsolutePath().normalize().toUri().toString().replaceFirst("/$", "");
  }

  /** The newest whole checkpoint or savepoint below a folder, if it is one of this machine's. */
  private static Optional<Path> newest(String folder) throws IOException {
    Path local;
    try {
      local = Path.of(URI.create(folder));
    } catch (IllegalArgumentException | FileSystemNotFoundException _) {
      return Optional.empty();
    }
    if (!Files.isDirectory(local)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(local, 3)) {
      List<Path> whole =
          files
              .filter(file -> file.endsWith(METADATA))
              .sorted(Comparator.comparingLong(file -> file.toFile().lastModified()))
              .toList();
      return whole.isEmpty() ? Optional.empty() : Optional.ofNullable(whole.getLast().getParent());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
