package dev.dragoman.connectors.parquet;

import dev.dragoman.connectors.parquet.TableFiles.TableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A folder that whole files are added to, by several processes at once.
 *
 * <p>A file is written under a hidden name, forced to the disk, and renamed: a reader sees all of
 * it or nothing. What a killed writer leaves behind is a hidden file, which is deleted when it is
 * old.
 */
final class StreamFolder {
  /** How the names of files begin that nobody is to read. */
  private static final String HIDDEN = ".writing-";

  /** Much longer than any file takes to be written. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final Path folder;
  private final List<String> tables;

  /** By lane: files that were there before this process wrote to the lane. */
  private final Map<String, Map<Long, Set<Path>>> before = new HashMap<>();

  /** Files that were compacted before this process wrote to their lane. */
  private final Set<Path> compacted = new HashSet<>();

  /**
   * A folder.
   *
   * @param tables the folders in it that file sets may have files in
   */
  StreamFolder(Path folder, List<String> tables) {
    this.folder = folder;
    this.tables = List.copyOf(tables);
  }

  /**
   * Makes the files of a set visible, table by table. Done again it changes nothing; a set of the
   * same number that a run wrote which was then taken back to an older state is replaced.
   */
  void commit(FileSet set) throws IOException {
    Map<Long, Set<Path>> earlier = before.get(set.lane());
    if (earlier == null) {
      earlier = earlier(set);
      before.put(set.lane(), earlier);
    }
    Set<Path> replaced = new HashSet<>(earlier.getOrDefault(set.number(), Set.of()));
    for (TableFile file : set.files()) {
      replaced.remove(place(set, file));
    }
    for (Path stale : replaced) {
      Files.deleteIfExists(stale);
    }
    for (TableFile file : set.files()) {
      if (!compacted.contains(place(set, file))) {
        write(place(set, file), file.bytes());
      }
    }
    earlier.remove(set.number());
  }

  /** Adds a file if there is none of this name; two that do so at once write the same. */
  static void addIfAbsent(Path place, byte[] bytes) throws IOException {
    if (!Files.exists(place)) {
      write(place, bytes);
    }
  }

  private Path place(FileSet set, TableFile file) {
    return folder.resolve(file.table()).resolve(set.fileName());
  }

  /** Writes a file so that it is whole or not there, also after a power cut. */
  static void write(Path place, byte[] bytes) throws IOException {
    Path parent = Files.createDirectories(place.resolveSibling(""));
    Path hidden = parent.resolve(HIDDEN + UUID.randomUUID());
    try {
      try (FileChannel channel =
          FileChannel.open(hidden, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      Files.move(hidden, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(hidden);
      throw new IOException("cannot write " + place + ": " + e.getMessage(), e);
    }
    force(parent);
  }

  /** Forces a file, or the names in a folder, to the disk. */
  static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** The lane's files that have this set's number or a higher one, by number. */
  private Map<Long, Set<Path>> earlier(FileSet set) throws IOException {
    Map<Long, Set<Path>> found = new HashMap<>();
    Pattern sameLane =
        Pattern.compile(".*-" + Pattern.quote(set.lane()) + "-(\\d{1,18})\\.parquet");
    Instant abandoned = Instant.now().minus(ABANDONED);
    for (String table : tables) {
      Path place = folder.resolve(table);
      if (!Files.isDirectory(place)) {
        continue;
      }
      for (Set<String> list : Replaced.lists(place, Replaced.names(place)).values()) {
        list.forEach(name -> compacted.add(place.resolve(name)));
      }
      try (DirectoryStream<Path> files = Files.newDirectoryStream(place)) {
        for (Path file : files) {
          String name = file.getFileName().toString();
          if (name.startsWith(HIDDEN)) {
            deleteIfOld(file, abandoned);
            continue;
          }
          Matcher matcher = sameLane.matcher(name);
          if (matcher.matches() && Long.parseLong(matcher.group(1)) >= set.number()) {
            long number = Long.parseLong(matcher.group(1));
            found.computeIfAbsent(number, _ -> new HashSet<>()).add(file);
          }
        }
      }
    }
    return found;
  }

  private static void deleteIfOld(Path file, Instant abandoned) throws IOException {
    try {
      FileTime written = Files.getLastModifiedTime(file);
      if (written.toInstant().isBefore(abandoned)) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException _) {
      // Its writer is alive and has just renamed it.
    }
  }
}
