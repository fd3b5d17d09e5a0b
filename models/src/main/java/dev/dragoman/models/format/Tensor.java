package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * A tensor in a mapped file, row-major. Its bytes are read from the page cache when asked for; no
 * copy is kept.
 */
public final class Tensor {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble F64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort I16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final float[] NO_FACTORS = {};

  private final String file;
  private final String name;
  private final DType type;
  private final long[] shape;
  private final MemorySegment data;

  /** Whether the columns of the matrix lie one after the other, not its rows. */
  private final boolean transposed;

  /** What stored whole numbers are multiplied by: one for all, one for each outermost index. */
  private final float[] factors;

  Tensor(String file, String name, DType type, long[] shape, MemorySegment data) {
    this(file, name, type, shape, data, false, NO_FACTORS);
  }

  private Tensor(
      String file,
      String name,
      DType type,
      long[] shape,
      MemorySegment data,
      boolean transposed,
      float[] factors) {
    this.file = file;
    this.name = name;
    this.type = type;
    this.shape = shape;
    this.data = data.asReadOnly();
    this.transposed = transposed;
    this.factors = factors;
  }

  int rank() {
    return shape.length;
  }

  /** This tensor under another name. */
  Tensor as(String otherName) {
    return new Tensor(file, otherName, type, shape, data, transposed, factors);
  }

  /**
   * Some of its outermost indices under another name.
   *
   * @throws IllegalArgumentException if it is of a type that packs numbers into blocks
   */
  public Tensor rows(String otherName, long from, long count) {
    if (type.packed() || transposed) {
      throw new IllegalArgumentException(name);
    }
    Objects.checkFromIndexSize(from, count, shape[0]);
    long[] part = shape.clone();
    part[0] = count;
    long bytes = shape[0] == 0 ? 0 : data.byteSize() / shape[0];
    return new Tensor(
        file,
        otherName,
        type,
        part,
        data.asSlice(from * bytes, count * bytes),
        false,
        factors.length < 2
            ? factors
            : Arrays.copyOfRange(factors, (int) from, (int) (from + count)));
  }

  /** The numbers of a matrix of one row, under another name. */
  public Tensor row(String otherName) {
    expect(1, shape[shape.length - 1]);
    return new Tensor(file, otherName, type, new long[] {shape[1]}, data, false, factors);
  }

  /**
   * This matrix, of a plain type with at most one factor, under another name and with rows and
   * columns exchanged. Nothing is copied.
   */
  public Tensor transposed(String otherName) {
    return new Tensor(
        file, otherName, type, new long[] {shape[1], shape[0]}, data, !transposed, factors);
  }

  /**
   * These whole numbers of 8 or 16 bits as what they stand for.
   *
   * @param each what they are multiplied by: one factor, or one for each outermost index
   */
  Tensor times(float... each) {
    if (type != DType.I8 && type != DType.I16
        || each.length != 1 && (transposed || each.length != shape[0])) {
      throw new IllegalArgumentException(
          "%s %s, %d factors".formatted(type, Arrays.toString(shape), each.length));
    }
    return new Tensor(file, name, type, shape, data, transposed, each);
  }

  /**
   * What the stored whole numbers are multiplied by: one factor for all, one for each outermost
   * index, or none if the numbers are stored as they are.
   */
  public float[] factors() {
    return factors.clone();
  }

  /** Its name in the file. */
  public String name() {
    return name;
  }

  /** How its numbers are stored. */
  public DType type() {
    return type;
  }

  /** Its dimensions, outermost first; empty for a scalar. */
  public long[] shape() {
    return shape.clone();
  }

  /** One of its dimensions, the outermost being 0. */
  public long dimension(int index) {
    return shape[index];
  }

  /** How many elements it has. */
  public long size() {
    return data.byteSize() / type.blockBytes() * type.blockSize();
  }

  /**
   * Its bytes, read-only: {@link #size()} elements, row after row, in blocks of {@link
   * DType#blockBytes()}, little-endian, at any alignment. They are not copied, except from an ONNX
   * file that has the matrix with rows and columns exchanged.
   */
  public MemorySegment bytes() {
    if (!transposed) {
      return data;
    }
    int width = type.blockBytes();
    byte[] copy = new byte[Math.toIntExact(data.byteSize())];
    for (int i = 0; i < copy.length; i += width) {
      MemorySegment.copy(data, ValueLayout.JAVA_BYTE, stored(i / width) * width, copy, i, width);
    }
    return MemorySegment.ofArray(copy).asReadOnly();
  }

  /** Lets the system take back the memory that holds what was read of a mapped file so far. */
  public void release() {
    if (data.isMapped()) {
      data.unload();
    }
  }

  /** Where an element of a transposed matrix is. */
  private long stored(long index) {
    return index % shape[1] * shape[0] + index / shape[1];
  }

  /** This tensor, if it has exactly these dimensions. */
  public Tensor expect(long... dimensions) {
    if (!Arrays.equals(shape, dimensions)) {
      throw new ModelException(
          "%s: tensor %s has shape %s, but the model's configuration asks for %s"
              .formatted(file, name, Arrays.toString(shape), Arrays.toString(dimensions)));
    }
    return this;
  }

  /** All its numbers as singles. */
  public float[] floats() {
    if (size() > Integer.MAX_VALUE - 8) {
      throw new ModelException(
          "%s: tensor %s is too large to copy (%d elements)".formatted(file, name, size()));
    }
    float[] copy = new float[(int) size()];
    read(0, copy, 0, copy.length);
    return copy;
  }

  /**
   * Copies numbers out, as singles. Blocks are unpacked; whole ones are so without allocating.
   *
   * @param from the first element, counted over the flattened tensor
   * @throws ModelException if the tensor holds no real numbers
   */
  public void read(long from, float[] into, int at, int count) {
    Objects.checkFromIndexSize(from, count, size());
    Objects.checkFromIndexSize(at, count, into.length);
    if (transposed) {
      for (int i = 0; i < count; i++) {
        copy(stored(from + i), into, at + i, 1);
      }
    } else {
      copy(from, into, at, count);
    }
  }

  private void copy(long from, float[] into, int at, int count) {
    switch (type) {
      case F32 -> MemorySegment.copy(data, F32, from * Float.BYTES, into, at, count);
      case F64 -> {
        for (int i = 0; i < count; i++) {
          into[at + i] = (float) data.get(F64, (from + i) * Double.BYTES);
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          into[at + i] = Float.float16ToFloat(data.get(I16, (from + i) * Short.BYTES));
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          into[at + i] = Float.intBitsToFloat(data.get(I16, (from + i) * Short.BYTES) << 16);
        }
      }
      case I16 -> {
        for (int i = 0; i < count; i++) {
          into[at + i] = data.get(I16, (from + i) * Short.BYTES) * factor(from + i);
        }
      }
      case I8 -> {
        for (int i = 0; i < count; i++) {
          into[at + i] = data.get(ValueLayout.JAVA_BYTE, from + i) * factor(from + i);
        }
      }
      case I64, I32, U8, BOOL -> throw notReal();
      case Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS ->
          unpack(from, into, at, count);
    }
  }

  private float factor(long index) {
    return switch (factors.length) {
      case 0 -> throw notReal();
      case 1 -> factors[0];
      default -> factors[(int) (index / (size() / factors.length))];
    };
  }

  private ModelException notReal() {
    return new ModelException(
        "%s: tensor %s is stored as %s, which is no real number".formatted(file, name, type));
  }

  private void unpack(long from, float[] into, int at, int count) {
    int size = type.blockSize();
    int lead = (int) (from % size);
    long block = from / size * type.blockBytes();
    if (lead == 0) {
      int whole = count / size;
      Dequantizer.decode(type, data, block, whole, into, at);
      int rest = count - whole * size;
      if (rest > 0) {
        part(block + (long) whole * type.blockBytes(), 0, into, at + whole * size, rest);
      }
    } else if (count > 0) {
      int first = Math.min(size - lead, count);
      part(block, lead, into, at, first);
      unpack(from + first, into, at + first, count - first);
    }
  }

  private void part(long block, int skipped, float[] into, int at, int count) {
    float[] whole = new float[type.blockSize()];
    Dequantizer.decode(type, data, block, 1, whole, 0);
    System.arraycopy(whole, skipped, into, at, count);
  }
}
