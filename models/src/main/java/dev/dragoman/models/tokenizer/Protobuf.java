package dev.dragoman.models.tokenizer;

import dev.dragoman.models.ModelException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks over the fields of a protocol buffer message (<a
 * href="https://protobuf.dev/programming-guides/encoding/">encoding</a>).
 */
final class Protobuf {
  private final String file;
  private final byte[] bytes;
  private final int end;
  private int at;
  private int field;
  private int wire;
  private long number;
  private int from;

  Protobuf(String file, byte[] bytes, int from, int to) {
    this.file = file;
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  /** Goes to the next field, if there is one. */
  boolean next() {
    if (at >= end) {
      return false;
    }
    long key = varint();
    field = (int) (key >>> 3);
    wire = (int) (key & 7);
    from = at;
    switch (wire) {
      case 0 -> number = varint();
      case 1 -> skip(8);
      case 2 -> {
        long length = varint();
        from = at;
        skip(length);
      }
      case 5 -> skip(4);
      default -> throw broken();
    }
    return true;
  }

  int field() {
    return field;
  }

  long number() {
    require(0);
    return number;
  }

  float real() {
    require(5);
    int bits =
        (bytes[from] & 0xFF)
            | (bytes[from + 1] & 0xFF) << 8
            | (bytes[from + 2] & 0xFF) << 16
            | (bytes[from + 3] & 0xFF) << 24;
    return Float.intBitsToFloat(bits);
  }

  byte[] bytes() {
    require(2);
    return Arrays.copyOfRange(bytes, from, at);
  }

  String text() {
    require(2);
    return new String(bytes, from, at - from, StandardCharsets.UTF_8);
  }

  Protobuf message() {
    require(2);
    return new Protobuf(file, bytes, from, at);
  }

  private void require(int wanted) {
    if (wire != wanted) {
      throw broken();
    }
  }

  private void skip(long count) {
    if (count < 0 || count > end - at) {
      throw broken();
    }
    at += (int) count;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at >= end) {
        throw broken();
      }
      byte b = bytes[at++];
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw broken();
  }

  private ModelException broken() {
    return new ModelException("%s: broken at byte %d".formatted(file, at));
  }
}
