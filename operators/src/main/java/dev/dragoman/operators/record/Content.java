package dev.dragoman.operators.record;

import java.net.URI;
import java.util.Arrays;

/** Where the bytes of a part are. */
public sealed interface Content {
  /**
   * The bytes themselves, for what exists nowhere else (an attachment, a zip entry). Callers must
   * not change the array.
   */
  record Inline(byte[] bytes) implements Content {
    @Override
    public boolean equals(Object other) {
      return other instanceof Inline inline && Arrays.equals(bytes, inline.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Inline[" + bytes.length + " bytes]";
    }
  }

  /** Bytes that can be read again from where they lie. */
  record Reference(URI uri, long length, Sha256 sha256) implements Content {}

  /**
   * An address as file systems that know no URIs write it: nothing in its path is encoded.
   *
   * @param uri of something that is not on this machine
   */
  static String address(URI uri) {
    String path = uri.getPath() == null ? "" : uri.getPath();
    return uri.getScheme() + "://" + uri.getRawAuthority() + path;
  }

  /** The same bytes as another part of the same document, so that they travel once. */
  record SameAs(PartId part) implements Content {}
}
