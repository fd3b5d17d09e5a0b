package dev.dragoman.models.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Turns ggml's blocks into singles, with the operations in the order of ggml's own reference (<a
 * href="https://github.com/ggml-org/llama.cpp/blob/master/ggml/src/ggml-quants.c">ggml-quants.c</a>,
 * {@code dequantize_row_*}), so that the numbers are the same to the last bit.
 */
final class Dequantizer {
  private static final ValueLayout.OfShort I16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final byte[] CURVE = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  private Dequantizer() {}

  /**
   * Writes whole blocks.
   *
   * @param type one of the packed types
   * @param at offset of the first block
   * @param to where its first number goes
   */
  static void decode(DType type, MemorySegment data, long at, int blocks, float[] into, int to) {
    int bytes = type.blockBytes();
    int size = type.blockSize();
    for (int i = 0; i < blocks; i++) {
      long block = at + (long) i * bytes;
      int out = to + i * size;
      switch (type) {
        case Q8_0 -> q80(data, block, into, out);
        case Q4_0 -> q40(data, block, into, out);
        case Q4_1 -> q41(data, block, into, out);
        case Q5_0 -> q50(data, block, into, out);
        case Q5_1 -> q51(data, block, into, out);
        case Q2_K -> q2k(data, block, into, out);
        case Q3_K -> q3k(data, block, into, out);
        case Q4_K -> q4k(data, block, into, out);
        case Q5_K -> q5k(data, block, into, out);
        case Q6_K -> q6k(data, block, into, out);
        case IQ4_NL -> curve(data, block + 2, half(data, block), into, out);
        case IQ4_XS -> iq4xs(data, block, into, out);
        case F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL ->
            throw new IllegalArgumentException(type + " has no blocks");
      }
    }
  }

  private static int u8(MemorySegment data, long at) {
    return data.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
  }

  private static float half(MemorySegment data, long at) {
    return Float.float16ToFloat(data.get(I16, at));
  }

  /** d [2], q [32]. */
  private static void q80(MemorySegment data, long at, float[] into, int to) {
    float d = half(data, at);
    for (int i = 0; i < 32; i++) {
      into[to + i] = d * data.get(ValueLayout.JAVA_BYTE, at + 2 + i);
    }
  }

  /** d [2], nibbles [16]: the low ones are the first half of the block. */
  private static void q40(MemorySegment data, long at, float[] into, int to) {
    float d = half(data, at);
    for (int i = 0; i < 16; i++) {
      int pair = u8(data, at + 2 + i);
      into[to + i] = d * ((pair & 15) - 8);
      into[to + i + 16] = d * ((pair >> 4) - 8);
    }
  }

  /** d [2], m [2], nibbles [16]. */
  private static void q41(MemorySegment data, long at, float[] into, int to) {
    float d = half(data, at);
    float m = half(data, at + 2);
    for (int i = 0; i < 16; i++) {
      int pair = u8(data, at + 4 + i);
      into[to + i] = d * (pair & 15) + m;
      into[to + i + 16] = d * (pair >> 4) + m;
    }
  }

  /** d [2], fifth bits [4], nibbles [16]. */
  private static void q50(MemorySegment data, long at, float[] into, int to) {
    float d = half(data, at);
    int high = data.get(I32, at + 2);
    for (int i = 0; i < 16; i++) {
      int pair = u8(data, at + 6 + i);
      into[to + i] = d * ((pair & 15 | (high >> i & 1) << 4) - 16);
      into[to + i + 16] = d * ((pair >> 4 | (high >> i + 16 & 1) << 4) - 16);
    }
  }

  /** d [2], m [2], fifth bits [4], nibbles [16]. */
  private static void q51(MemorySegment data, long at, float[] into, int to) {
    float d = half(data, at);
    float m = half(data, at + 2);
    int high = data.get(I32, at + 4);
    for (int i = 0; i < 16; i++) {
      int pair = u8(data, at + 8 + i);
      into[to + i] = d * (pair & 15 | (high >> i & 1) << 4) + m;
      into[to + i + 16] = d * (pair >> 4 | (high >> i + 16 & 1) << 4) + m;
    }
  }

  /** Scales and minimums [16], pairs of bits [64], d [2], dmin [2]. */
  private static void q2k(MemorySegment data, long at, float[] into, int to) {
    float d = half(data, at + 80);
    float dmin = half(data, at + 82);
    for (int group = 0; group < 16; group++) {
      int both = u8(data, at + group);
      float scale = d * (both & 15);
      float min = dmin * (both >> 4);
      int shift = 2 * (group / 2 % 4);
      long from = at + 16 + group / 8 * 32 + group % 2 * 16;
      for (int i = 0; i < 16; i++) {
        into[to + group * 16 + i] = scale * (u8(data, from + i) >> shift & 3) - min;
      }
    }
  }

  /** Third bits [32], pairs of bits [64], scales [12], d [2]. */
  private static void q3k(MemorySegment data, long at, float[] into, int to) {
    float d = half(data, at + 108);
    for (int group = 0; group < 16; group++) {
      int low = u8(data, at + 96 + group % 8) >> group / 8 * 4 & 15;
      int high = u8(data, at + 104 + group % 4) >> group / 4 * 2 & 3;
      float scale = d * ((low | high << 4) - 32);
      int shift = 2 * (group / 2 % 4);
      int bit = group / 2;
      long from = at + 32 + group / 8 * 32 + group % 2 * 16;
      long mask = at + group % 2 * 16;
      for (int i = 0; i < 16; i++) {
        int third = u8(data, mask + i) >> bit & 1;
        into[to + group * 16 + i] = scale * ((u8(data, from + i) >> shift & 3) - 4 + 4 * third);
      }
    }
  }

  /** The 6-bit scale of a group of Q4_K and Q5_K; the packed scales start here. */
  private static int scale(MemorySegment data, long at, int group) {
    return group < 4
        ? u8(data, at + group) & 63
        : u8(data, at + 4 + group) & 15 | u8(data, at + group - 4) >> 6 << 4;
  }

  /** The 6-bit minimum of a group of Q4_K and Q5_K; the packed scales start here. */
  private static int minimum(MemorySegment data, long at, int group) {
    return group < 4
        ? u8(data, at + 4 + group) & 63
        : u8(data, at + 4 + group) >> 4 | u8(data, at + group) >> 6 << 4;
  }

  /** d [2], dmin [2], scales and minimums [12], nibbles [128]. */
  private static void q4k(MemorySegment data, long at, float[] into, int to) {
    float d = half(data, at);
    float dmin = half(data, at + 2);
    for (int group = 0; group < 8; group++) {
      float scale = d * scale(data, at + 4, group);
      float min = dmin * minimum(data, at + 4, group);
      int shift = group % 2 * 4;
      long from = at + 16 + group / 2 * 32;
      for (int i = 0; i < 32; i++) {
        into[to + group * 32 + i] = scale * (u8(data, from + i) >> shift & 15) - min;
      }
    }
  }

  /** d [2], dmin [2], scales and minimums [12], fifth bits [32], nibbles [128]. */
  private static void q5k(MemorySegment data, long at, float[] into, int to) {
    float d = half(data, at);
    float dmin = half(data, at + 2);
    for (int group = 0; group < 8; group++) {
      float scale = d * scale(data, at + 4, group);
      float min = dmin * minimum(data, at + 4, group);
      int shift = group % 2 * 4;
      long from = at + 48 + group / 2 * 32;
      for (int i = 0; i < 32; i++) {
        int fifth = u8(data, at + 16 + i) >> group & 1;
        into[to + group * 32 + i] = scale * (u8(data, from + i) >> shift & 15 | fifth << 4) - min;
      }
    }
  }

  /** Nibbles [128], upper pairs of bits [64], scales [16], d [2]. */
  private static void q6k(MemorySegment data, long at, float[] into, int to) {
    float d = half(data, at + 208);
    for (int group = 0; group < 16; group++) {
      float scale = d * data.get(ValueLayout.JAVA_BYTE, at + 192 + group);
      int run = group / 2;
      int shift = run / 2 % 2 * 4;
      int highShift = run % 4 * 2;
      long low = at + run / 4 * 64 + run % 2 * 32 + group % 2 * 16;
      long high = at + 128 + run / 4 * 32 + group % 2 * 16;
      for (int i = 0; i < 16; i++) {
        int q = u8(data, low + i) >> shift & 15 | (u8(data, high + i) >> highShift & 3) << 4;
        into[to + group * 16 + i] = scale * (q - 32);
      }
    }
  }

  /** d [2], upper scales [2], lower scales [4], nibbles [128]. */
  private static void iq4xs(MemorySegment data, long at, float[] into, int to) {
    float d = half(data, at);
    int high = data.get(I16, at + 2) & 0xFFFF;
    for (int group = 0; group < 8; group++) {
      int low = u8(data, at + 4 + group / 2) >> group % 2 * 4 & 15;
      float scale = d * ((low | (high >> 2 * group & 3) << 4) - 32);
      curve(data, at + 8 + group * 16, scale, into, to + group * 32);
    }
  }

  /** 32 nibbles that point into the table. */
  private static void curve(MemorySegment data, long at, float scale, float[] into, int to) {
    for (int i = 0; i < 16; i++) {
      int pair = u8(data, at + i);
      into[to + i] = scale * CURVE[pair & 15];
      into[to + i + 16] = scale * CURVE[pair >> 4];
    }
  }
}
