package dev.dragoman.connectors.kafka;

import dev.dragoman.connectors.files.Fields;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Takes values of messages apart. Used by one thread at a time. */
interface MessageFormat {
  /**
   * The fields of a value.
   *
   * @throws BadMessageException if the value is not what it should be
   */
  Message read(byte[] value) throws BadMessageException;

  /**
   * The value of one field, as cheaply as the format allows; null if it is not there. What is wrong
   * elsewhere in the value may go unseen.
   *
   * @throws BadMessageException if the value is not what it should be
   */
  default @Nullable String field(byte[] value, String name) throws BadMessageException {
    return read(value).fields().values().get(name);
  }

  /** A value taken apart. */
  interface Message {
    /** As texts; bytes in Base64. */
    Fields fields();

    /** The bytes of a field, null if the format has no fields of bytes or this is none. */
    default byte @Nullable [] bytes(String name) {
      return null;
    }
  }

  /**
   * A value as text.
   *
   * @throws BadMessageException if it is not UTF-8
   */
  static String utf8(byte[] value) throws BadMessageException {
    ByteBuffer in = ByteBuffer.wrap(value);
    CharBuffer out = CharBuffer.allocate(value.length);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      throw BadMessageException.row(
          "byte %d of the value (0x%02x) is not UTF-8; have its sender write UTF-8"
              .formatted(in.position(), value[in.position()]));
    }
    out.flip();
    return out.length() > 0 && out.charAt(0) == '\uFEFF'
        ? out.subSequence(1, out.length()).toString()
        : out.toString();
  }
}
