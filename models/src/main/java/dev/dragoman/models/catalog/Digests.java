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

/** SHA-256 as lower-case hexadecimal digits. */
public final class Digests {
  private static final int BUFFER = 1 << 16;

  private Digests() {}

  /** The SHA-256 of a file's bytes, in hexadecimal. */
  public static String of(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static String of(String text) {
    return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** One digest for a folder: of the lines {@code digest, two spaces, path}, in path order. */
  static String ofFolder(SortedMap<String, String> digests) {
    StringBuilder lines = new StringBuilder();
    digests.forEach((path, digest) -> lines.append(digest).append("  ").append(path).append('\n'));
    return of(lines.toString());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
