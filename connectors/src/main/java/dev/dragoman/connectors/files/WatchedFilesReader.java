package dev.dragoman.connectors.files;

import dev.dragoman.connectors.UsageException;
import dev.dragoman.connectors.files.SeenFiles.Mark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again. A file is handed on once two looks, far enough apart, found it the same.
 */
final class WatchedFilesReader extends UnboundedSource.UnboundedReader<FileList.Found> {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedFilesReader.class);
  private static final Pattern UNFINISHED =
      Pattern.compile("\\..*|~.*|.*~|.*\\.(?:part|partial|tmp|crdownload|filepart)");
  private static final Duration FORGET_AFTER = Duration.ofDays(1);
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final WatchedFiles source;
  private final Clock clock;

  /** When each file that was handed on was last there. */
  private final Map<Mark, Long> seen = new HashMap<>();

  private final Map<URI, Candidate> candidates = new HashMap<>();
  private final ArrayDeque<FileList.Found> ready = new ArrayDeque<>();
  private FileList.@Nullable Found current;
  private Instant currentTime = BoundedWindow.TIMESTAMP_MIN_VALUE;
  private Instant watermark = BoundedWindow.TIMESTAMP_MIN_VALUE;

  /** No file that will be handed on is older, but for those that are moved in. */
  private Instant complete = BoundedWindow.TIMESTAMP_MIN_VALUE;

  private long nextLook = Long.MIN_VALUE;
  private long lastLook;
  private long failingSince = Long.MAX_VALUE;

  /** A file that may still be written, as it was at a look. */
  private record Candidate(FileList.Found file, long since) {}

  WatchedFilesReader(WatchedFiles source, SeenFiles seen, Clock clock) {
    this.source = source;
    this.clock = clock;
    seen.files().forEach(file -> this.seen.put(file, clock.millis()));
  }

  @Override
  public boolean start() throws IOException {
    return advance();
  }

  @Override
  public boolean advance() throws IOException {
    if (ready.isEmpty() && clock.millis() >= nextLook) {
      look();
    }
    FileList.Found next = ready.poll();
    if (next == null) {
      return false;
    }
    seen.put(Mark.of(next), clock.millis());
    current = next;
    currentTime = time(next);
    return true;
  }

  private void look() throws IOException {
    long now = clock.millis();
    List<FileList.Found> files;
    try {
      files = FileList.present(source.paths(), source.except()).files();
      failingSince = Long.MAX_VALUE;
    } catch (IOException | UncheckedIOException | UsageException e) {
      failed(now, e);
      return;
    }
    lastLook = now;
    Map<URI, Candidate> before = Map.copyOf(candidates);
    candidates.clear();
    List<FileList.Found> settled = new ArrayList<>();
    for (FileList.Found file : files) {
      Mark mark = Mark.of(file);
      if (seen.containsKey(mark)) {
        seen.put(mark, now);
      } else if (!isUnfinished(file.uri())) {
        Candidate known = before.get(file.uri());
        if (known == null || !known.file.equals(file)) {
          candidates.put(file.uri(), new Candidate(file, now));
        } else if (now - known.since < source.settle().toMillis()) {
          candidates.put(file.uri(), known);
        } else {
          settled.add(file);
        }
      }
    }
    settled.sort(
        Comparator.comparingLong(FileList.Found::modified).thenComparing(FileList.Found::uri));
    ready.addAll(settled);
    seen.values().removeIf(last -> now - last > FORGET_AFTER.toMillis());
    nextLook = now + source.every().toMillis();
    complete = Instant.ofEpochMilli(now - source.settle().toMillis());
    for (Candidate candidate : candidates.values()) {
      nextLook = Math.min(nextLook, candidate.since + source.settle().toMillis());
      complete = earlier(complete, time(candidate.file));
    }
  }

  /** What was there is there still, as far as anybody knows; so event time stands. */
  private void failed(long now, Exception failure) throws IOException {
    failingSince = Math.min(failingSince, now);
    if (now - failingSince > PATIENCE.toMillis()) {
      throw new IOException("cannot look for files in " + source.paths() + " any more", failure);
    }
    LOG.warn("Cannot look for files in {}: {}", source.paths(), failure.getMessage());
    nextLook = now + source.every().toMillis();
  }

  private static boolean isUnfinished(URI file) {
    String path = String.valueOf(file.getPath());
    return UNFINISHED.matcher(path.substring(path.lastIndexOf('/') + 1)).matches();
  }

  private Instant time(FileList.Found file) {
    long modified = file.modified() <= 0 ? lastLook : Math.min(file.modified(), lastLook);
    return Instant.ofEpochMilli(modified);
  }

  @Override
  public Instant getWatermark() {
    FileList.Found next = ready.peek();
    Instant until = next == null ? complete : earlier(complete, time(next));
    if (until.isAfter(watermark)) {
      watermark = until;
    }
    return watermark;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  @Override
  public FileList.Found getCurrent() {
    if (current == null) {
      throw new NoSuchElementException("there is no file yet");
    }
    return current;
  }

  @Override
  public Instant getCurrentTimestamp() {
    return currentTime;
  }

  @Override
  public SeenFiles getCheckpointMark() {
    return new SeenFiles(seen.keySet());
  }

  @Override
  public WatchedFiles getCurrentSource() {
    return source;
  }

  @Override
  public void close() {
    candidates.clear();
  }
}
