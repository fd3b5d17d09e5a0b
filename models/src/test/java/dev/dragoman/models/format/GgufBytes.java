package dev.dragoman.models.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes GGUF files, right ones and others. */
final class GgufBytes {
  private final ByteArrayOutputStream header = new ByteArrayOutputStream();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private int dataOffset;

  GgufBytes start(int version, long tensors, long keys) {
    return i32(Gguf.MAGIC).i32(version).i64(tensors).i64(keys);
  }

  GgufBytes i32(int value) {
    return bytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  GgufBytes i64(long value) {
    return bytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  GgufBytes bytes(byte... values) {
    header.writeBytes(values);
    return this;
  }

  GgufBytes text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return i64(bytes.length).bytes(bytes);
  }

  /** The name and the type of a value that must follow. */
  GgufBytes key(String name, int type) {
    return text(name).i32(type);
  }

  GgufBytes key(String name, String value) {
    return key(name, 8).text(value);
  }

  GgufBytes key(String name, int type, int value) {
    return key(name, type).i32(value);
  }

  /** A tensor as the file claims it, with nothing of data; the innermost dimension comes first. */
  GgufBytes claim(String name, int type, long offset, long... dimensions) {
    text(name).i32(dimensions.length);
    for (long dimension : dimensions) {
      i64(dimension);
    }
    return i32(type).i64(offset);
  }

  /** A tensor with its bytes; the innermost dimension comes first. */
  GgufBytes tensor(String name, int type, byte[] bytes, long... dimensions) {
    claim(name, type, dataOffset, dimensions);
    data.writeBytes(bytes);
    data.writeBytes(new byte[Math.floorMod(-bytes.length, 32)]);
    dataOffset = data.size();
    return this;
  }

  /** The header alone, as far as it is written. */
  int headerSize() {
    return header.size();
  }

  byte[] file() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(header.toByteArray());
    file.writeBytes(new byte[Math.floorMod(-header.size(), 32)]);
    file.writeBytes(data.toByteArray());
    return file.toByteArray();
  }
}
