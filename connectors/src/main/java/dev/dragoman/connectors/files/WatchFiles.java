package dev.dragoman.connectors.files;

import dev.dragoman.connectors.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * The source that never ends: reads files as {@link ReadFiles} does, with the same outputs, and
 * goes on looking for more.
 *
 * <p>A file is read when its size and its time of change have stayed the same for a while, so that
 * none is read half written; names that say that they are not finished ({@code .part}, {@code
 * .tmp}, {@code ~}, a leading dot) are passed over. A file that was changed is read again, as
 * another document. The event time of what is in a file is when it was last changed, or now for a
 * file from the future. Files that are moved in with an old time are late for windows that are
 * over.
 *
 * <p>What it remembers of a file are sixteen bytes, until the file has been gone for a day.
 */
public final class WatchFiles extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1;

  private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:.*");
  private static final Pattern GLOB = Pattern.compile("[*?\\[{]");

  private final String step;
  private final WatchedFiles files;
  private final RowMapping columns;

  private WatchFiles(String step, WatchedFiles files, RowMapping columns) {
    this.step = step;
    this.files = files;
    this.columns = columns;
  }

  /**
   * Watches these paths, guessing the columns of tables.
   *
   * @param step its name in metrics
   * @param paths as for {@link FileList#find}; a folder must be there, a glob may match nothing
   * @param except folders not to look into, such as the one that is written to
   * @param every how often to look
   * @param settle how long a file must not have changed before it is read
   * @throws UsageException naming the path that cannot be watched
   */
  public static WatchFiles of(
      String step, List<String> paths, List<Path> except, Duration every, Duration settle) {
    if (paths.isEmpty()) {
      throw new UsageException("there is nothing to watch; name folders or globs");
    }
    if (every.isZero()) {
      throw new UsageException("watching needs a pause between two looks, for instance 10s");
    }
    return new WatchFiles(
        step,
        new WatchedFiles(
            paths.stream().map(WatchFiles::watchable).toList(),
            except.stream().map(path -> path.toAbsolutePath().normalize().toString()).toList(),
            every,
            settle),
        RowMapping.guessed());
  }

  /** The same with other columns for tables. */
  public WatchFiles withColumns(RowMapping mapping) {
    return new WatchFiles(step, files, mapping);
  }

  /** The path as it will be understood on any worker. */
  private static String watchable(String path) {
    if (path.equals("-")) {
      throw new UsageException("standard input cannot be watched; name a folder or a glob");
    }
    if (SCHEME.matcher(path).matches()) {
      return path;
    }
    String home = System.getProperty("user.home", "");
    Path absolute =
        Path.of(path.startsWith("~/") ? home + path.substring(1) : path)
            .toAbsolutePath()
            .normalize();
    if (!Files.exists(absolute) && !GLOB.matcher(path).find()) {
      throw new UsageException("there is no folder " + path + " to watch; make it first");
    }
    return absolute.toString();
  }

  @Override
  public PCollectionTuple expand(PBegin input) {
    return ReadFiles.read(input.apply("Watch", Read.from(files)), step, columns);
  }
}
