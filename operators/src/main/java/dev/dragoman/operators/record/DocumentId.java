package dev.dragoman.operators.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Serializable;
import java.net.URI;

/**
 * Names a document by where it came from and what it holds: 32 hexadecimal digits.
 *
 * @param value the first 32 digits of SHA-256 over the source URI, a zero byte and the digest
 */
public record DocumentId(String value) implements Serializable, Comparable<DocumentId> {
  public DocumentId {
    if (!Sha256.isHex(value, 32)) {
      throw new IllegalArgumentException("not a document id (32 hexadecimal digits): " + value);
    }
  }

  /** The id of the content with this digest at this address. */
  public static DocumentId of(URI source, Sha256 digest) {
    return new DocumentId(
        Sha256.of((source + "\0" + digest.hex()).getBytes(UTF_8)).hex().substring(0, 32));
  }

  @Override
  public int compareTo(DocumentId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
