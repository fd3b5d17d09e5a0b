package dev.dragoman.models.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes a packed E5 of one layer whose numbers say where they are. */
final class PackedE5Bytes {
  static final int WIDTH = 32;
  static final int INNER = 64;
  static final int VOCABULARY = 5;
  static final int POSITIONS = 2;
  static final int TYPES = 1;

  private record Entry(String name, int type, int elements, byte[] bytes) {}

  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
  private final List<Entry> entries = new ArrayList<>();
  private int headerSize;

  /** Where the header ends and the numbers start. */
  int headerSize() {
    return headerSize;
  }

  byte[] file() {
    buffer.putInt(PackedE5.MAGIC).putInt(1).putInt(WIDTH).putInt(1).putInt(2).putInt(INNER);
    buffer.putInt(VOCABULARY).putInt(POSITIONS).putInt(TYPES).putFloat(1e-12f).putInt(32);
    pieces("<s>", "", "</s>", "é");
    replacements();
    matrix("emb.word", VOCABULARY, WIDTH);
    vector("emb.pos", POSITIONS * WIDTH);
    vector("emb.type", TYPES * WIDTH);
    vector("emb.ln.w", WIDTH);
    vector("emb.ln.b", WIDTH);
    for (String name : List.of("q", "k", "v", "ao")) {
      matrix("l0." + name + ".w", WIDTH, WIDTH);
      vector("l0." + name + ".b", WIDTH);
    }
    matrix("l0.fi.w", INNER, WIDTH);
    vector("l0.fi.b", INNER);
    matrix("l0.fo.w", WIDTH, INNER);
    vector("l0.fo.b", WIDTH);
    for (String name : List.of("aln.w", "aln.b", "oln.w", "oln.b")) {
      vector("l0." + name, WIDTH);
    }
    directory();
    byte[] file = new byte[buffer.position()];
    buffer.flip().get(file);
    return file;
  }

  private void pieces(String... pieces) {
    buffer.putInt(pieces.length).putInt(0).putInt(2).putInt(1).putInt(3);
    byte[] all = String.join("", pieces).getBytes(StandardCharsets.UTF_8);
    buffer.putLong(all.length);
    int at = 0;
    buffer.putInt(at);
    for (String piece : pieces) {
      at += piece.getBytes(StandardCharsets.UTF_8).length;
      buffer.putInt(at);
    }
    for (int i = 0; i < pieces.length; i++) {
      buffer.putFloat(-i - 0.5f);
    }
    buffer.put(all);
  }

  private void replacements() {
    buffer.putInt(3).putInt(5 + 9 + 13);
    buffer.putInt(1).put((byte) 0);
    buffer.putInt(9).put((byte) 1).putInt(' ');
    buffer.putInt(0x1F600).put((byte) 2).putInt(0x1F601).putInt('!');
  }

  private void vector(String name, int size) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * size).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < size; i++) {
      bytes.putFloat(entries.size() + i / 128f);
    }
    entries.add(new Entry(name, 0, size, bytes.array()));
  }

  /** Blocks of scale n + 1, n the number of the tensor, whose numbers are -8 to 7 in turn. */
  private void matrix(String name, int rows, int columns) {
    int blocks = rows * columns / 32;
    ByteBuffer bytes = ByteBuffer.allocate(18 * blocks).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < blocks; i++) {
      bytes.putShort(Float.floatToFloat16(entries.size() + 1));
      for (int j = 0; j < 16; j++) {
        bytes.put((byte) (j | j << 4));
      }
    }
    entries.add(new Entry(name, 1, rows * columns, bytes.array()));
  }

  private void directory() {
    buffer.putInt(entries.size());
    int offset = buffer.position();
    for (Entry entry : entries) {
      offset += 2 + entry.name().length() + 21;
    }
    headerSize = offset;
    for (Entry entry : entries) {
      byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
      buffer.putShort((short) name.length).put(name);
      buffer.put((byte) entry.type()).putInt(entry.elements());
      buffer.putLong(offset).putLong(entry.bytes().length);
      offset += entry.bytes().length;
    }
    for (Entry entry : entries) {
      buffer.put(entry.bytes());
    }
  }
}
