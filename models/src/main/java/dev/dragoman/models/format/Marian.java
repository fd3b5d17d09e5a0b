package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model of Marian: its binary form (<a
 * href="https://github.com/marian-nmt/marian-dev/blob/master/src/common/binary.cpp">what reads and
 * writes it</a>) or an {@code .npz} of NumPy arrays, with the model's settings inside.
 *
 * <p>The binary form is little-endian: the version, which is 1, how many items there are, for each
 * the lengths of its name, shape and data and its type, then all names, all shapes, some padding,
 * all data. Matrices are [inputs, outputs]. "intgemm" ones of 8 and 16 bits lie in memory with rows
 * and columns exchanged, but for embeddings, and a single behind their numbers says by what they
 * were multiplied. {@code NAME_QuantMultA} is by what activations were to be multiplied; nothing
 * needs it where they stay singles.
 */
public final class Marian implements WeightFile {
  private static final long VERSION = 1;
  private static final int HEADER = 32;
  private static final int MOST_DIMENSIONS = 8;
  private static final int F32 = 0x404;
  private static final int F16 = 0x402;
  private static final int I8 = 0x101;
  private static final int INTGEMM8 = 0x4101;
  private static final int INTGEMM16 = 0x4102;
  private static final String SETTINGS = "special:model.yml";
  private static final String ACTIVATION = "_QuantMultA";
  private static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat SINGLE =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private record Item(String name, int type, long[] shape, long size) {
    boolean embeddings() {
      return name.contains("Wemb");
    }
  }

  private final MarianSettings settings;
  private final Map<String, Tensor> tensors;

  private Marian(MarianSettings settings, Map<String, Tensor> tensors) {
    this.settings = settings;
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /** Whether a file that starts like this says that it is the binary form. */
  static boolean starts(MemorySegment bytes) {
    return bytes.byteSize() >= 2 * Long.BYTES
        && bytes.get(I64, 0) == VERSION
        && bytes.get(I64, Long.BYTES) > 0
        && bytes.get(I64, Long.BYTES) < 1 << 20;
  }

  /** Reads the binary form. */
  static Marian parse(String file, MemorySegment bytes) {
    Cursor cursor = new Cursor(file, bytes, 0);
    if (cursor.i64("version") != VERSION) {
      throw cursor.wrong(0, "this is no binary model of Marian, or of another version than 1");
    }
    Item[] items = items(cursor);
    long padding = cursor.i64("padding");
    cursor.skip(padding, "padding");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    String settings = "";
    for (Item item : items) {
      long start = cursor.at();
      MemorySegment data = cursor.slice(item.size, "item " + item.name);
      if (item.name.equals(SETTINGS)) {
        settings = text(file, data, start);
      } else if (!item.name.startsWith("special:")
          && !(item.type != F32 && item.name.endsWith(ACTIVATION))
          && tensors.put(item.name, tensor(file, cursor, start, item, data)) != null) {
        throw cursor.wrong(start, "item %s is there twice".formatted(item.name));
      }
    }
    if (cursor.left() > 0) {
      throw cursor.wrong(
          cursor.at(), "%d bytes follow what should be the end".formatted(cursor.left()));
    }
    return of(file, settings, tensors);
  }

  /** Reads the other form: an archive of arrays. */
  static Marian npz(String file, MemorySegment bytes) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(NpyArchive.parse(file, bytes));
    Tensor settings = tensors.remove(SETTINGS);
    tensors.keySet().removeIf(name -> name.startsWith("special:"));
    return of(file, settings == null ? "" : text(file, settings.bytes(), 0), tensors);
  }

  private static Marian of(String file, String settings, Map<String, Tensor> tensors) {
    if (settings.isEmpty()) {
      throw new ModelException(
          "%s has no %s: it does not say what model it is".formatted(file, SETTINGS));
    }
    return new Marian(MarianSettings.parse(file + ", " + SETTINGS, settings), tensors);
  }

  private static String text(String file, MemorySegment data, long start) {
    String text = Cursor.utf8(file, data, start, SETTINGS);
    int end = text.indexOf(0);
    return end < 0 ? text : text.substring(0, end);
  }

  private static Item[] items(Cursor cursor) {
    int count = Math.toIntExact(Math.min(cursor.count(HEADER, "items"), Integer.MAX_VALUE));
    long[][] headers = new long[count][4];
    for (long[] header : headers) {
      for (int i = 0; i < header.length; i++) {
        header[i] = cursor.i64("header of an item");
      }
    }
    String[] names = new String[count];
    for (int i = 0; i < count; i++) {
      long start = cursor.at();
      if (headers[i][0] < 1) {
        throw cursor.wrong(start, "a name of %d bytes".formatted(headers[i][0]));
      }
      names[i] = cursor.text(headers[i][0] - 1, "name of an item");
      if (cursor.u8("name of an item") != 0) {
        throw cursor.wrong(start, "the name of an item does not end where it should");
      }
    }
    Item[] items = new Item[count];
    for (int i = 0; i < count; i++) {
      long rank = headers[i][2];
      if (rank < 1 || rank > MOST_DIMENSIONS) {
        throw cursor.wrong(
            cursor.at(), "item %s has %d dimensions".formatted(names[i], headers[i][2]));
      }
      long[] shape = new long[(int) rank];
      for (int dimension = 0; dimension < rank; dimension++) {
        shape[dimension] = cursor.i32("shape of " + names[i]);
        if (shape[dimension] < 1) {
          throw cursor.wrong(
              cursor.at() - Integer.BYTES,
              "item %s has the impossible dimension %d".formatted(names[i], shape[dimension]));
        }
      }
      items[i] = new Item(names[i], type(headers[i][1]), shape, headers[i][3]);
    }
    return items;
  }

  private static int type(long claimed) {
    return claimed == (int) claimed ? (int) claimed : -1;
  }

  private static Tensor tensor(
      String file, Cursor cursor, long start, Item item, MemorySegment data) {
    DType type =
        switch (item.type) {
          case F32 -> DType.F32;
          case F16 -> DType.F16;
          case I8, INTGEMM8 -> DType.I8;
          case INTGEMM16 -> DType.I16;
          default ->
              throw cursor.wrong(
                  start,
                  "item %s has type 0x%x, which is unknown or packed for one processor only"
                      .formatted(item.name, item.type));
        };
    boolean scaled = item.type == INTGEMM8 || item.type == INTGEMM16;
    long size = type.blockBytes();
    try {
      for (long dimension : item.shape) {
        size = Math.multiplyExact(size, dimension);
      }
    } catch (ArithmeticException e) {
      throw cursor.wrong(
          start,
          "item %s claims the impossible shape %s"
              .formatted(item.name, Arrays.toString(item.shape)),
          e);
    }
    if (size > data.byteSize() - (scaled ? Float.BYTES : 0)) {
      throw cursor.wrong(
          start,
          "item %s of shape %s has only %d bytes"
              .formatted(item.name, Arrays.toString(item.shape), data.byteSize()));
    }
    MemorySegment numbers = data.asSlice(0, size);
    if (!scaled) {
      return new Tensor(file, item.name, type, item.shape, numbers);
    }
    float factor = 1 / data.get(SINGLE, size);
    if (!(factor > 0) || !Float.isFinite(factor) || item.shape.length != 2) {
      throw cursor.wrong(
          start, "item %s was multiplied by %s".formatted(item.name, data.get(SINGLE, size)));
    }
    if (item.embeddings()) {
      return new Tensor(file, item.name, type, item.shape, numbers).times(factor);
    }
    long[] exchanged = {item.shape[1], item.shape[0]};
    return new Tensor(file, item.name, type, exchanged, numbers)
        .times(factor)
        .transposed(item.name);
  }

  /** What the model says of its architecture. */
  public MarianSettings settings() {
    return settings;
  }

  /** The weights by their names in Marian; matrices are [inputs, outputs]. */
  @Override
  public Map<String, Tensor> tensors() {
    return tensors;
  }
}
