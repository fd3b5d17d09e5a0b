package dev.dragoman.models.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Takes ggml's blocks apart without multiplying anything: each number is {@code code * scale +
 * minimum}, with a scale and a minimum for a run of 16 or 32 numbers. Done so, in one rounding, it
 * has the bits that {@link Tensor#read} gives.
 */
public final class BlockCodes {
  private final DType type;
  private byte[] bytes = new byte[0];

  /**
   * For one type; not for several threads at once.
   *
   * @param type one that is {@link #known}
   */
  public BlockCodes(DType type) {
    if (!known(type)) {
      throw new IllegalArgumentException(type.name());
    }
    this.type = type;
  }

  /** Whether numbers of the type are made of codes that fit a byte. */
  public static boolean known(DType type) {
    return switch (type) {
      case Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K -> true;
      default -> false;
    };
  }

  /** How many numbers share a scale and a minimum. */
  public static int run(DType type) {
    return type == DType.Q6_K ? 16 : 32;
  }

  /** Whether codes are from 0 to 15. */
  public static boolean nibbles(DType type) {
    return type == DType.Q4_0 || type == DType.Q4_1 || type == DType.Q4_K;
  }

  /** Whether any minimum differs from 0. */
  public static boolean minimums(DType type) {
    return switch (type) {
      case Q4_0, Q4_1, Q5_1, Q4_K, Q5_K -> true;
      default -> false;
    };
  }

  /**
   * Takes one row of a matrix apart.
   *
   * @param tensor [rows, columns], of this type
   * @param codes [columns]
   * @param scales [columns / run]
   * @param minimums [columns / run]
   */
  public void row(Tensor tensor, int row, byte[] codes, float[] scales, float[] minimums) {
    int columns = (int) tensor.dimension(1);
    int blocks = columns / type.blockSize();
    int size = blocks * type.blockBytes();
    if (bytes.length < size) {
      bytes = new byte[size];
    }
    MemorySegment data = tensor.bytes();
    MemorySegment.copy(data, ValueLayout.JAVA_BYTE, (long) row * size, bytes, 0, size);
    for (int block = 0; block < blocks; block++) {
      int at = block * type.blockBytes();
      int to = block * type.blockSize();
      switch (type) {
        case Q8_0 -> {
          System.arraycopy(bytes, at + 2, codes, to, 32);
          both(scales, minimums, block, half(at), 0);
        }
        case Q4_0 -> {
          nibbles(at + 2, 16, codes, to);
          both(scales, minimums, block, half(at), -8 * half(at));
        }
        case Q4_1 -> {
          nibbles(at + 4, 16, codes, to);
          both(scales, minimums, block, half(at), half(at + 2));
        }
        case Q5_0 -> {
          nibbles(at + 6, 16, codes, to);
          fifths(at + 2, codes, to);
          for (int i = to; i < to + 32; i++) {
            codes[i] -= 16;
          }
          both(scales, minimums, block, half(at), 0);
        }
        case Q5_1 -> {
          nibbles(at + 8, 16, codes, to);
          fifths(at + 4, codes, to);
          both(scales, minimums, block, half(at), half(at + 2));
        }
        case Q4_K -> {
          for (int pair = 0; pair < 4; pair++) {
            nibbles(at + 16 + 32 * pair, 32, codes, to + 64 * pair);
          }
          sixBits(at, block, scales, minimums);
        }
        case Q5_K -> {
          for (int pair = 0; pair < 4; pair++) {
            nibbles(at + 48 + 32 * pair, 32, codes, to + 64 * pair);
          }
          for (int group = 0; group < 8; group++) {
            for (int i = 0; i < 32; i++) {
              codes[to + 32 * group + i] |= (byte) ((bytes[at + 16 + i] >> group & 1) << 4);
            }
          }
          sixBits(at, block, scales, minimums);
        }
        default -> q6k(at, codes, to, block, scales, minimums);
      }
    }
  }

  private static void both(float[] scales, float[] minimums, int run, float scale, float minimum) {
    scales[run] = scale;
    minimums[run] = minimum;
  }

  private float half(int at) {
    return Float.float16ToFloat((short) (bytes[at] & 0xFF | bytes[at + 1] << 8));
  }

  /** The low halves of some bytes, then the high ones. */
  private void nibbles(int at, int count, byte[] codes, int to) {
    for (int i = 0; i < count; i++) {
      codes[to + i] = (byte) (bytes[at + i] & 15);
      codes[to + count + i] = (byte) (bytes[at + i] >> 4 & 15);
    }
  }

  private void fifths(int at, byte[] codes, int to) {
    for (int i = 0; i < 32; i++) {
      codes[to + i] |= (byte) ((bytes[at + i / 8] >> i % 8 & 1) << 4);
    }
  }

  /** The scales and minimums of the 8 groups of a block of Q4_K or Q5_K. */
  private void sixBits(int at, int block, float[] scales, float[] minimums) {
    float d = half(at);
    float dmin = half(at + 2);
    for (int group = 0; group < 8; group++) {
      int scale;
      int minimum;
      if (group < 4) {
        scale = bytes[at + 4 + group] & 63;
        minimum = bytes[at + 8 + group] & 63;
      } else {
        int low = bytes[at + 8 + group];
        scale = low & 15 | (bytes[at + group] >> 6 & 3) << 4;
        minimum = low >> 4 & 15 | (bytes[at + 4 + group] >> 6 & 3) << 4;
      }
      both(scales, minimums, 8 * block + group, d * scale, -(dmin * minimum));
    }
  }

  private void q6k(int at, byte[] codes, int to, int block, float[] scales, float[] minimums) {
    float d = half(at + 208);
    for (int half = 0; half < 2; half++) {
      int low = at + 64 * half;
      int high = at + 128 + 32 * half;
      int out = to + 128 * half;
      for (int i = 0; i < 32; i++) {
        int top = bytes[high + i];
        codes[out + i] = sixth(bytes[low + i], top);
        codes[out + 32 + i] = sixth(bytes[low + 32 + i], top >> 2);
        codes[out + 64 + i] = sixth(bytes[low + i] >> 4, top >> 4);
        codes[out + 96 + i] = sixth(bytes[low + 32 + i] >> 4, top >> 6);
      }
    }
    for (int run = 0; run < 16; run++) {
      both(scales, minimums, 16 * block + run, d * bytes[at + 192 + run], 0);
    }
  }

  private static byte sixth(int low, int high) {
    return (byte) ((low & 15 | (high & 3) << 4) - 32);
  }
}
