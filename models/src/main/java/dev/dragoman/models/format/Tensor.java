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

  private final String file;
  private final String name;
  private final DType type;
  private final long[] shape;
  private final MemorySegment data;

  Tensor(String file, String name, DType type, long[] shape, MemorySegment data) {
    this.file = file;
    this.name = name;
    this.type = type;
    this.shape = shape;
    this.data = data;
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

  /** How many elements it has. */
  public long size() {
    return data.byteSize() / type.bytes();
  }

  /** This tensor, if it has exactly these dimensions. */
  public Tensor expect(long... dimensions) {
    if (!Arrays.equals(shape, dimensions)) {
      throw new ModelException(
          "%s: tensor %s has shape %s, but config.json asks for %s"
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
   * Copies numbers out, as singles.
   *
   * @param from the first element, counted over the flattened tensor
   * @throws ModelException if the tensor holds no real numbers
   */
  public void read(long from, float[] into, int at, int count) {
    Objects.checkFromIndexSize(from, count, size());
    Objects.checkFromIndexSize(at, count, into.length);
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
      case I64, I32, I16, I8, U8, BOOL ->
          throw new ModelException(
              "%s: tensor %s is stored as %s, which is no real number; quantised weights are not"
                      .formatted(file, name, type)
                  + " supported in safetensors");
    }
  }
}
