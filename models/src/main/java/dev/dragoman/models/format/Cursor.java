package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads a file's little-endian numbers one after the other. Every length is checked against the
 * bytes that are left before anything is allocated for it.
 */
final class Cursor {
  private static final ValueLayout.OfByte I8 = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort I16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String file;
  private final MemorySegment bytes;
  private long at;

  Cursor(String file, MemorySegment bytes, long at) {
    this.file = file;
    this.bytes = bytes;
    this.at = at;
  }

  long at() {
    return at;
  }

  long left() {
    return bytes.byteSize() - at;
  }

  int u8(String what) {
    return bytes.get(I8, take(1, what)) & 0xFF;
  }

  byte i8(String what) {
    return bytes.get(I8, take(1, what));
  }

  int u16(String what) {
    return bytes.get(I16, take(2, what)) & 0xFFFF;
  }

  short i16(String what) {
    return bytes.get(I16, take(2, what));
  }

  int i32(String what) {
    return bytes.get(I32, take(4, what));
  }

  long u32(String what) {
    return Integer.toUnsignedLong(i32(what));
  }

  long i64(String what) {
    return bytes.get(I64, take(8, what));
  }

  float f32(String what) {
    return Float.intBitsToFloat(i32(what));
  }

  double f64(String what) {
    return Double.longBitsToDouble(i64(what));
  }

  /** A 64-bit count of things that take at least this many bytes each. */
  long count(long unit, String what) {
    long start = at;
    long count = i64(what);
    if (count < 0 || count > left() / unit) {
      throw wrong(
          start,
          "%s: %s is claimed, but only %d bytes are left"
              .formatted(what, Long.toUnsignedString(count), left()));
    }
    return count;
  }

  /** Steps over bytes; where they start. */
  long skip(long size, String what) {
    return take(size, what);
  }

  /** A piece of the file. */
  MemorySegment slice(long size, String what) {
    return bytes.asSlice(take(size, what), size);
  }

  /** A text of this many bytes. */
  String text(long size, String what) {
    long start = take(size, what);
    return utf8(file, bytes.asSlice(start, size), start, what);
  }

  /** The bytes as a text; they must be UTF-8. */
  static String utf8(String file, MemorySegment bytes, long start, String what) {
    if (bytes.byteSize() > Integer.MAX_VALUE - 8) {
      throw new ModelException(
          "%s: offset %d: %s of %d bytes is too long for a text"
              .formatted(file, start, what, bytes.byteSize()));
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toArray(I8)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new ModelException("%s: offset %d: %s is not UTF-8".formatted(file, start, what), e);
    }
  }

  /** What to say of the bytes at this offset. */
  ModelException wrong(long offset, String what) {
    return new ModelException("%s: offset %d: %s".formatted(file, offset, what));
  }

  /** What to say of the bytes at this offset, and what brought it to light. */
  ModelException wrong(long offset, String what, Throwable cause) {
    return new ModelException("%s: offset %d: %s".formatted(file, offset, what), cause);
  }

  private long take(long size, String what) {
    if (size < 0 || size > left()) {
      throw wrong(
          at,
          "%s needs %s bytes, but only %d are left; the file is damaged, download it again"
              .formatted(what, Long.toUnsignedString(size), left()));
    }
    long start = at;
    at += size;
    return start;
  }
}
