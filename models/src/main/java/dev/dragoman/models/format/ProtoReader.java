package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.lang.foreign.MemorySegment;

/**
 * Reads a message of protocol buffers field by field (<a
 * href="https://protobuf.dev/programming-guides/encoding/">encoding</a>).
 */
final class ProtoReader {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final String file;
  private final MemorySegment message;

  /** Where the message starts in the file. */
  private final long base;

  private final Cursor cursor;
  private int wire;

  ProtoReader(String file, MemorySegment message, long base) {
    this.file = file;
    this.message = message;
    this.base = base;
    this.cursor = new Cursor(file, message, 0);
  }

  /** Goes to the next field, whose value must then be taken; its number, or 0 at the end. */
  int next() {
    if (cursor.left() == 0) {
      return 0;
    }
    long start = cursor.at();
    long key = anyVarint();
    wire = (int) (key & 7);
    long number = key >>> 3;
    if (number < 1 || number >= 1 << 29) {
      throw wrong(start, "a field with the number " + number + " cannot be");
    }
    return (int) number;
  }

  /** The field's value as a whole number. */
  long varint(String what) {
    require(VARINT, what);
    return anyVarint();
  }

  /** The field's value as bytes, not copied. */
  MemorySegment bytes(String what) {
    require(BYTES, what);
    long start = cursor.at();
    long size = anyVarint();
    if (size < 0 || size > cursor.left()) {
      throw wrong(
          start,
          "%s needs %s bytes, but only %d are left; the file is damaged, download it again"
              .formatted(what, Long.toUnsignedString(size), cursor.left()));
    }
    return cursor.slice(size, what);
  }

  /** The field's value as a text of at most so many bytes. */
  String text(int most, String what) {
    MemorySegment bytes = bytes(what);
    long start = base + cursor.at() - bytes.byteSize();
    if (bytes.byteSize() > most) {
      throw new ModelException(
          "%s: offset %d: %s has %d bytes; at most %d can be"
              .formatted(file, start, what, bytes.byteSize(), most));
    }
    return Cursor.utf8(file, bytes, start, what);
  }

  /** The field's value as a message of its own. */
  ProtoReader message(String what) {
    MemorySegment bytes = bytes(what);
    return new ProtoReader(file, bytes, base + cursor.at() - bytes.byteSize());
  }

  /** Whether the field's value is bytes, as packed numbers are. */
  boolean isBytes() {
    return wire == BYTES;
  }

  /** Steps over the field's value. */
  void skip() {
    switch (wire) {
      case VARINT -> anyVarint();
      case FIXED64 -> cursor.skip(8, "a field");
      case BYTES -> bytes("a field");
      case FIXED32 -> cursor.skip(4, "a field");
      default -> throw wrong(cursor.at(), "a field of wire type " + wire + " is not read");
    }
  }

  /** The next number of packed ones. */
  long anyVarint() {
    long start = cursor.at();
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (cursor.left() == 0) {
        throw wrong(start, "a number is cut off; the file is damaged, download it again");
      }
      int next = cursor.u8("a number");
      value |= (long) (next & 127) << shift;
      if (next < 128) {
        return value;
      }
    }
    throw wrong(start, "a number is longer than ten bytes");
  }

  /** Whether everything has been read. */
  boolean atEnd() {
    return cursor.left() == 0;
  }

  long size() {
    return message.byteSize();
  }

  /** Where the next byte is in the file. */
  long offset() {
    return base + cursor.at();
  }

  ModelException wrong(String what) {
    return wrong(cursor.at(), what);
  }

  private void require(int wanted, String what) {
    if (wire != wanted) {
      throw wrong(cursor.at(), "%s has wire type %d, not %d".formatted(what, wire, wanted));
    }
  }

  private ModelException wrong(long at, String what) {
    return new ModelException("%s: offset %d: %s".formatted(file, base + at, what));
  }
}
