package dev.dragoman.models.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;

/** Digests as lower-case hexadecimal digits; SHA-256 unless the name says otherwise. */
public final class Digests {
  private static final int BUFFER = 1 << 16;

  private Digests() {}

  /** The SHA-256 of a file's bytes, in hexadecimal. */
  public static String of(Path file) throws IOException {
    return completed(algorithm("SHA-256"), file);
  }

  /** What git calls a file with these bytes. */
  static String ofGitBlob(Path file) throws IOException {
    MessageDigest digest = algorithm("SHA-1");
    digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
    return completed(digest, file);
  }

  static String of(String text) {
    return HexFormat.of()
        .formatHex(algorithm("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** One digest for a folder: of the lines {@code digest, two spaces, path}, in path order. */
  static String ofFolder(SortedMap<String, String> digests) {
    StringBuilder lines = new StringBuilder();
    digests.forEach((path, digest) -> lines.append(digest).append("  ").append(path).append('\n'));
    return of(lines.toString());
  }

  private static String completed(MessageDigest digest, Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest algorithm(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has " + name, e);
    }
  }
}
