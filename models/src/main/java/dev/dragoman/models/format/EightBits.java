package dev.dragoman.models.format;

import dev.dragoman.models.ModelException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Rounds numbers to {@link DType#Q8_0}, symmetrically: the largest of a block becomes 127 or -127.
 * As <a href="https://github.com/ggml-org/ggml/blob/master/src/ggml-quants.c">ggml</a> does it, but
 * the scale is never rounded down to a half, so that no number of a block is cut off.
 */
public final class EightBits {
  private static final int LARGEST = 127;

  private EightBits() {}

  /**
   * A matrix in memory.
   *
   * @param columns a multiple of 32
   * @param numbers [rows, columns]; each is off by at most half its block's scale afterwards
   * @throws ModelException if a number is not finite, or too large for a scale in half precision
   */
  public static Tensor tensor(String name, int rows, int columns, float[] numbers) {
    DType type = DType.Q8_0;
    byte[] bytes = new byte[Math.toIntExact(type.bytesFor((long) rows * columns))];
    ByteBuffer blocks = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; blocks.hasRemaining(); at += type.blockSize()) {
      short half = scale(name, numbers, at, type.blockSize());
      float scale = Float.float16ToFloat(half);
      blocks.putShort(half);
      for (int i = at; i < at + type.blockSize(); i++) {
        blocks.put((byte) (scale == 0 ? 0 : Math.round(numbers[i] / scale)));
      }
    }
    return new Tensor(
        "memory", name, type, new long[] {rows, columns}, MemorySegment.ofArray(bytes));
  }

  /** The smallest half that times 127 is no less than any of the numbers. */
  private static short scale(String name, float[] numbers, int at, int count) {
    float largest = 0;
    for (int i = at; i < at + count; i++) {
      largest = Math.max(largest, Math.abs(numbers[i]));
    }
    short half = Float.floatToFloat16(largest / LARGEST);
    if (Float.float16ToFloat(half) * LARGEST < largest) {
      half++;
    }
    if (!Float.isFinite(Float.float16ToFloat(half))) {
      throw new ModelException(
          ("tensor %s has the number %s, which 8 bits and a scale cannot hold; open the model with"
                  + " weights in single precision")
              .formatted(name, largest));
    }
    return half;
  }
}
