package dev.dragoman.models.catalog;

import dev.dragoman.models.ModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What the bytes of a file must add up to.
 *
 * @param algorithm how it is computed
 * @param hex lower-case hexadecimal digits, as many as the algorithm gives
 */
public record Checksum(Algorithm algorithm, String hex) {
  private static final Pattern DIGITS = Pattern.compile("[0-9a-f]+");

  /** How a checksum is computed. */
  public enum Algorithm {
    /** SHA-256 of the bytes, 64 digits. */
    SHA256("SHA-256", 64),
    /** Git's name of a file: SHA-1 of {@code blob SIZE}, a zero byte and the bytes, 40 digits. */
    GIT_BLOB("git's SHA-1", 40);

    private final String label;
    private final int digits;

    Algorithm(String label, int digits) {
      this.label = label;
      this.digits = digits;
    }

    Checksum of(Path file) throws IOException {
      return new Checksum(
          this,
          switch (this) {
            case SHA256 -> Digests.of(file);
            case GIT_BLOB -> Digests.ofGitBlob(file);
          });
    }

    boolean gives(String hex) {
      return hex.length() == digits && DIGITS.matcher(hex).matches();
    }
  }

  /** Of these digits, unless the algorithm gives others. */
  public Checksum {
    if (!algorithm.gives(hex)) {
      throw new ModelException(
          "not a %s of %d hexadecimal digits: %s"
              .formatted(algorithm.label, algorithm.digits, hex));
    }
  }

  /** A SHA-256, as 64 lower-case hexadecimal digits. */
  public static Checksum sha256(String hex) {
    return new Checksum(Algorithm.SHA256, hex);
  }

  /** Git's name of a file's content, as 40 lower-case hexadecimal digits. */
  public static Checksum gitBlob(String hex) {
    return new Checksum(Algorithm.GIT_BLOB, hex);
  }

  @Override
  public String toString() {
    return algorithm.label + " " + hex;
  }
}
