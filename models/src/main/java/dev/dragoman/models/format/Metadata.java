package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a GGUF file says about its model: typed values under names such as {@code
 * llama.embedding_length}. A value is read when asked for. A value that is absent or of another
 * type is a {@link ModelException} that names the key; the variants with a second parameter answer
 * that parameter if the key is absent.
 */
public final class Metadata {
  private static final int MAX_KEYS = 65_536;
  private static final int MAX_KEY = 65_535;

  private record Slot(MetadataType type, long at) {}

  private final String file;
  private final MemorySegment all;
  private final Map<String, Slot> slots;
  private final Map<String, MetadataArray> arrays;

  private Metadata(
      String file, MemorySegment all, Map<String, Slot> slots, Map<String, MetadataArray> arrays) {
    this.file = file;
    this.all = all;
    this.slots = slots;
    this.arrays = arrays;
  }

  /** Reads the names and types, checks every length, and steps over the values. */
  static Metadata read(String file, MemorySegment all, Cursor cursor, long count) {
    if (count > MAX_KEYS) {
      throw cursor.wrong(cursor.at(), count + " keys of metadata are more than any model has");
    }
    Map<String, Slot> slots = new LinkedHashMap<>();
    Map<String, MetadataArray> arrays = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      long start = cursor.at();
      String key = cursor.text(nameLength(cursor, MAX_KEY, "name of key " + i), "name of key " + i);
      String what = "key " + key;
      MetadataType type = MetadataType.read(cursor, what);
      if (slots.put(key, new Slot(type, cursor.at())) != null) {
        throw cursor.wrong(start, what + " is there twice");
      }
      switch (type) {
        case ARRAY -> arrays.put(key, MetadataArray.read(file, key, all, cursor, 1));
        case TEXT -> cursor.skip(cursor.i64(what), what);
        case U8, I8, U16, I16, U32, I32, F32, FLAG, U64, I64, F64 ->
            cursor.skip(type.leastBytes(), what);
      }
    }
    return new Metadata(file, all, slots, arrays);
  }

  static long nameLength(Cursor cursor, int most, String what) {
    long start = cursor.at();
    long length = cursor.count(1, what);
    if (length > most) {
      throw cursor.wrong(start, "%s has %d bytes; at most %d can be".formatted(what, length, most));
    }
    return length;
  }

  /** All names, in the file's order. */
  public Set<String> keys() {
    return Collections.unmodifiableSet(slots.keySet());
  }

  /** Whether there is a value with this name. */
  public boolean has(String key) {
    return slots.containsKey(key);
  }

  /** A text. */
  public String text(String key) {
    Slot slot = slot(key);
    Cursor cursor = new Cursor(file, all, slot.at());
    if (slot.type() != MetadataType.TEXT) {
      throw other(cursor, slot.type(), "key " + key, "a text");
    }
    return cursor.text(cursor.i64("key " + key), "key " + key);
  }

  /** A text. */
  public String text(String key, String absent) {
    return has(key) ? text(key) : absent;
  }

  /** A whole number, signed or not, of any width, below 2^63. */
  public long integer(String key) {
    Slot slot = slot(key);
    return integer(new Cursor(file, all, slot.at()), slot.type(), "key " + key);
  }

  /** A whole number, signed or not, of any width, below 2^63. */
  public long integer(String key, long absent) {
    return has(key) ? integer(key) : absent;
  }

  /** A whole number from 1 to 2^31 - 1. */
  public int positive(String key) {
    long value = integer(key);
    if (value < 1 || value > Integer.MAX_VALUE) {
      throw wrong(key, "is " + value + "; supported is a whole number of at least 1");
    }
    return (int) value;
  }

  /** A whole number from 1 to 2^31 - 1. */
  public int positive(String key, int absent) {
    return has(key) ? positive(key) : absent;
  }

  /** A number, whole or not. */
  public double real(String key) {
    Slot slot = slot(key);
    return real(new Cursor(file, all, slot.at()), slot.type(), "key " + key);
  }

  /** A number, whole or not. */
  public double real(String key, double absent) {
    return has(key) ? real(key) : absent;
  }

  /** A truth value. */
  public boolean flag(String key) {
    Slot slot = slot(key);
    return flag(new Cursor(file, all, slot.at()), slot.type(), "key " + key);
  }

  /** A truth value. */
  public boolean flag(String key, boolean absent) {
    return has(key) ? flag(key) : absent;
  }

  /** Whether the value with this name is an array. */
  public boolean isArray(String key) {
    return arrays.containsKey(key);
  }

  /** An array. */
  public MetadataArray array(String key) {
    Slot slot = slot(key);
    MetadataArray array = arrays.get(key);
    if (array == null) {
      throw other(new Cursor(file, all, slot.at()), slot.type(), "key " + key, "an array");
    }
    return array;
  }

  /** What to say of a value that cannot be. */
  public ModelException wrong(String key, String what) {
    return new ModelException("%s: key %s %s".formatted(file, key, what));
  }

  private Slot slot(String key) {
    Slot slot = slots.get(key);
    if (slot == null) {
      throw wrong(key, "is missing");
    }
    return slot;
  }

  static long integer(Cursor cursor, MetadataType type, String what) {
    return switch (type) {
      case U8 -> cursor.u8(what);
      case I8 -> cursor.i8(what);
      case U16 -> cursor.u16(what);
      case I16 -> cursor.i16(what);
      case U32 -> cursor.u32(what);
      case I32 -> cursor.i32(what);
      case I64 -> cursor.i64(what);
      case U64 -> {
        long start = cursor.at();
        long value = cursor.i64(what);
        if (value < 0) {
          throw cursor.wrong(
              start, "%s is %s, too large".formatted(what, Long.toUnsignedString(value)));
        }
        yield value;
      }
      case F32, F64, FLAG, TEXT, ARRAY -> throw other(cursor, type, what, "a whole number");
    };
  }

  static double real(Cursor cursor, MetadataType type, String what) {
    return switch (type) {
      case F32 -> cursor.f32(what);
      case F64 -> cursor.f64(what);
      case U8, I8, U16, I16, U32, I32, U64, I64 -> integer(cursor, type, what);
      case FLAG, TEXT, ARRAY -> throw other(cursor, type, what, "a number");
    };
  }

  static boolean flag(Cursor cursor, MetadataType type, String what) {
    if (type != MetadataType.FLAG) {
      throw other(cursor, type, what, "a truth value");
    }
    long start = cursor.at();
    int value = cursor.u8(what);
    if (value > 1) {
      throw cursor.wrong(start, "%s is %d, neither 0 nor 1".formatted(what, value));
    }
    return value == 1;
  }

  private static ModelException other(
      Cursor cursor, MetadataType type, String what, String wanted) {
    return cursor.wrong(cursor.at(), "%s is of type %s, not %s".formatted(what, type, wanted));
  }
}
