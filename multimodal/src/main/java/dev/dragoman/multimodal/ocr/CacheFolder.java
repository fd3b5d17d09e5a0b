package dev.dragoman.multimodal.ocr;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Folders of files that native code wants to find on disk. A folder is named after its content, is
 * filled under another name and appears whole, so that any number of processes may ask for it at
 * once.
 */
final class CacheFolder {
  private final Path parent;

  CacheFolder(Path parent) {
    this.parent = parent;
  }

  /** Where a file's bytes come from. */
  @FunctionalInterface
  interface Source {
    InputStream open() throws IOException;
  }

  /**
   * A folder that holds exactly these files.
   *
   * @param prefix of the folder's name, for people
   * @throws UncheckedIOException if it can be neither found nor written
   */
  Path holding(String prefix, SortedMap<String, Source> files) {
    try {
      SortedMap<String, Long> sizes = new TreeMap<>();
      Path folder = parent.resolve(prefix + "-" + digest(files, sizes));
      if (!missing(folder, sizes).isEmpty()) {
        write(folder, files, sizes);
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write to " + parent + "; free some space, or set DRAGOMAN_HOME to another folder",
          e);
    }
  }

  private static String digest(SortedMap<String, Source> files, Map<String, Long> sizes)
      throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[1 << 16];
    for (Map.Entry<String, Source> file : files.entrySet()) {
      digest.update(file.getKey().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      long size = 0;
      try (InputStream in = file.getValue().open()) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          digest.update(buffer, 0, n);
          size += n;
        }
      }
      sizes.put(file.getKey(), size);
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  private void write(Path folder, SortedMap<String, Source> files, Map<String, Long> sizes)
      throws IOException {
    Files.createDirectories(parent);
    Path staged = Files.createTempDirectory(parent, ".staged-");
    try {
      for (Map.Entry<String, Source> file : files.entrySet()) {
        try (InputStream in = file.getValue().open()) {
          Files.copy(in, staged.resolve(file.getKey()));
        }
      }
      try {
        Files.move(staged, folder, StandardCopyOption.ATOMIC_MOVE);
      } catch (FileSystemException taken) {
        if (!Files.isDirectory(folder)) {
          throw taken;
        }
        mend(staged, folder, sizes);
      }
    } finally {
      delete(staged);
    }
  }

  /** Puts back what someone deleted or cut off, file by file. */
  private static void mend(Path staged, Path folder, Map<String, Long> sizes) throws IOException {
    for (String name : missing(folder, sizes)) {
      Files.move(staged.resolve(name), folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static List<String> missing(Path folder, Map<String, Long> sizes) throws IOException {
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, Long> file : sizes.entrySet()) {
      Path path = folder.resolve(file.getKey());
      if (!Files.isRegularFile(path) || Files.size(path) != file.getValue()) {
        missing.add(file.getKey());
      }
    }
    return missing;
  }

  private static void delete(Path staged) throws IOException {
    if (!Files.exists(staged)) {
      return;
    }
    try (Stream<Path> files = Files.list(staged)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(staged);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
