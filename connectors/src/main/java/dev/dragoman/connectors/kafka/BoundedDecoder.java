package dev.dragoman.connectors.kafka;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;

/**
 * Avro's binary encoding, read from bytes that may say anything: no memory is taken for a length
 * before as many bytes are there. (Avro's own decoder takes it at once.)
 */
final class BoundedDecoder extends Decoder {
  /** Elements may take no bytes at all; more of those are not believed. */
  private static final int MAX_EMPTY_ELEMENTS = 10_000;

  private final ByteBuffer in;

  BoundedDecoder(ByteBuffer in) {
    this.in = in.order(ByteOrder.LITTLE_ENDIAN);
  }

  int remaining() {
    return in.remaining();
  }

  private void need(long bytes) throws IOException {
    if (bytes < 0 || bytes > in.remaining()) {
      throw new EOFException(bytes + " bytes announced, " + in.remaining() + " there");
    }
  }

  private byte octet() throws IOException {
    need(1);
    return in.get();
  }

  @Override
  public void readNull() {
    // Takes no bytes.
  }

  @Override
  public boolean readBoolean() throws IOException {
    return octet() == 1;
  }

  @Override
  public int readInt() throws IOException {
    long value = readLong();
    if (value != (int) value) {
      throw new IOException(value + " where 32 bits are meant");
    }
    return (int) value;
  }

  @Override
  public long readLong() throws IOException {
    long raw = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      byte octet = octet();
      raw |= (long) (octet & 0x7F) << shift;
      if (octet >= 0) {
        return (raw >>> 1) ^ -(raw & 1);
      }
    }
    throw new IOException("a number of more than 64 bits");
  }

  @Override
  public float readFloat() throws IOException {
    need(Float.BYTES);
    return in.getFloat();
  }

  @Override
  public double readDouble() throws IOException {
    need(Double.BYTES);
    return in.getDouble();
  }

  @Override
  public Utf8 readString(Utf8 old) throws IOException {
    return new Utf8(octets());
  }

  @Override
  public String readString() throws IOException {
    return new Utf8(octets()).toString();
  }

  @Override
  public void skipString() throws IOException {
    skipBytes();
  }

  @Override
  public ByteBuffer readBytes(ByteBuffer old) throws IOException {
    return ByteBuffer.wrap(octets());
  }

  private byte[] octets() throws IOException {
    long length = readLong();
    need(length);
    byte[] bytes = new byte[(int) length];
    in.get(bytes);
    return bytes;
  }

  @Override
  public void skipBytes() throws IOException {
    skip(readLong());
  }

  private void skip(long bytes) throws IOException {
    need(bytes);
    in.position(in.position() + (int) bytes);
  }

  @Override
  public void readFixed(byte[] bytes, int start, int length) throws IOException {
    need(length);
    in.get(bytes, start, length);
  }

  @Override
  public void skipFixed(int length) throws IOException {
    skip(length);
  }

  @Override
  public int readEnum() throws IOException {
    return readInt();
  }

  @Override
  public int readIndex() throws IOException {
    return readInt();
  }

  @Override
  public long readArrayStart() throws IOException {
    return count();
  }

  @Override
  public long arrayNext() throws IOException {
    return count();
  }

  @Override
  public long readMapStart() throws IOException {
    return count();
  }

  @Override
  public long mapNext() throws IOException {
    return count();
  }

  private long count() throws IOException {
    long count = readLong();
    if (count < 0) {
      count = -count;
      need(readLong());
    }
    if (count < 0 || count > Math.max(in.remaining(), MAX_EMPTY_ELEMENTS)) {
      throw new EOFException(count + " elements announced, " + in.remaining() + " bytes there");
    }
    return count;
  }

  @Override
  public long skipArray() throws IOException {
    return skipBlocks();
  }

  @Override
  public long skipMap() throws IOException {
    return skipBlocks();
  }

  /** Passes over blocks that say their size; answers how many elements of one that does not. */
  private long skipBlocks() throws IOException {
    for (long count = readLong(); count != 0; count = readLong()) {
      if (count > 0) {
        return count;
      }
      skip(readLong());
    }
    return 0;
  }
}
