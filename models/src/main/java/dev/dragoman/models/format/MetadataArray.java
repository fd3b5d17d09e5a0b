package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * An array of a GGUF file's metadata. Its elements stay in the file and are read when asked for;
 * all that is kept of a vocabulary of 262,144 pieces is four bytes a piece, where it starts.
 */
public final class MetadataArray {
  private static final int MAX_DEPTH = 4;

  private final String file;
  private final String key;
  private final MemorySegment all;
  private final MetadataType type;
  private final int size;
  private final long start;

  /** Where elements of varying length start, counted from {@link #start}. */
  private final int[] starts;

  private MetadataArray(
      String file,
      String key,
      MemorySegment all,
      MetadataType type,
      int size,
      long start,
      int[] starts) {
    this.file = file;
    this.key = key;
    this.all = all;
    this.type = type;
    this.size = size;
    this.start = start;
    this.starts = starts;
  }

  /** Reads where the elements are and steps over them. */
  static MetadataArray read(String file, String key, MemorySegment all, Cursor cursor, int depth) {
    if (depth > MAX_DEPTH) {
      throw cursor.wrong(
          cursor.at(), "key %s has arrays nested deeper than %d".formatted(key, MAX_DEPTH));
    }
    String what = "key " + key;
    MetadataType type = MetadataType.read(cursor, what);
    long claimed = cursor.at();
    long size = cursor.count(type.leastBytes(), what);
    if (size > Integer.MAX_VALUE - 8) {
      throw cursor.wrong(claimed, "%s has %d elements; that is too many".formatted(what, size));
    }
    long start = cursor.at();
    int[] starts = new int[type.fixed() ? 0 : (int) size];
    if (type.fixed()) {
      cursor.skip(size * type.leastBytes(), what);
    }
    for (int i = 0; i < starts.length; i++) {
      long from = cursor.at() - start;
      if (from > Integer.MAX_VALUE) {
        throw cursor.wrong(start, what + " is longer than 2 GiB");
      }
      starts[i] = (int) from;
      if (type == MetadataType.TEXT) {
        cursor.skip(cursor.i64(what), what);
      } else {
        step(cursor, key, depth + 1);
      }
    }
    return new MetadataArray(file, key, all, type, (int) size, start, starts);
  }

  /** Steps over an array inside an array without keeping anything of it. */
  private static void step(Cursor cursor, String key, int depth) {
    if (depth > MAX_DEPTH) {
      throw cursor.wrong(
          cursor.at(), "key %s has arrays nested deeper than %d".formatted(key, MAX_DEPTH));
    }
    String what = "key " + key;
    MetadataType type = MetadataType.read(cursor, what);
    long size = cursor.count(type.leastBytes(), what);
    if (type.fixed()) {
      cursor.skip(size * type.leastBytes(), what);
      return;
    }
    for (long i = 0; i < size; i++) {
      if (type == MetadataType.TEXT) {
        cursor.skip(cursor.i64(what), what);
      } else {
        step(cursor, key, depth + 1);
      }
    }
  }

  MetadataType type() {
    return type;
  }

  /** How many elements it has. */
  public int size() {
    return size;
  }

  /**
   * The bytes of a text, as they are in the file.
   *
   * @throws ModelException if this is no array of texts
   */
  public byte[] bytes(int index) {
    return slice(index).toArray(ValueLayout.JAVA_BYTE);
  }

  /**
   * A text.
   *
   * @throws ModelException if this is no array of texts, or the text is not UTF-8
   */
  public String text(int index) {
    return Cursor.utf8(file, slice(index), start + starts[index] + 8, what(index));
  }

  /**
   * A whole number, signed or not, of any width.
   *
   * @throws ModelException if this is no array of whole numbers, or it is 2^63 or more
   */
  public long integer(int index) {
    return Metadata.integer(at(index), type, what(index));
  }

  /**
   * A number, whole or not.
   *
   * @throws ModelException if this is no array of numbers
   */
  public double real(int index) {
    return Metadata.real(at(index), type, what(index));
  }

  /**
   * A truth value.
   *
   * @throws ModelException if this is no array of truth values
   */
  public boolean flag(int index) {
    return Metadata.flag(at(index), type, what(index));
  }

  /**
   * An array inside this one.
   *
   * @throws ModelException if this is no array of arrays
   */
  public MetadataArray array(int index) {
    Cursor cursor = at(index);
    require(cursor, MetadataType.ARRAY, index);
    return read(file, key + "[" + index + "]", all, cursor, 2);
  }

  /** All of them as whole numbers of 32 bits. */
  public int[] ints() {
    int[] copy = new int[size];
    for (int i = 0; i < size; i++) {
      long value = integer(i);
      if (value != (int) value) {
        throw at(i).wrong(offset(i), what(i) + " is " + value + ", which is no 32-bit number");
      }
      copy[i] = (int) value;
    }
    return copy;
  }

  /** All of them as singles. */
  public float[] floats() {
    float[] copy = new float[size];
    for (int i = 0; i < size; i++) {
      copy[i] = (float) real(i);
    }
    return copy;
  }

  private MemorySegment slice(int index) {
    Cursor cursor = at(index);
    require(cursor, MetadataType.TEXT, index);
    return cursor.slice(cursor.i64(what(index)), what(index));
  }

  private void require(Cursor cursor, MetadataType wanted, int index) {
    if (type != wanted) {
      throw cursor.wrong(
          cursor.at(), "%s is of type %s, not %s".formatted(what(index), type, wanted));
    }
  }

  private Cursor at(int index) {
    return new Cursor(file, all, offset(index));
  }

  private long offset(int index) {
    Objects.checkIndex(index, size);
    return start + (type.fixed() ? (long) index * type.leastBytes() : starts[index]);
  }

  private String what(int index) {
    return "key " + key + "[" + index + "]";
  }
}
