package dev.dragoman.models.kernel.vector;

import static dev.dragoman.models.kernel.vector.Tiles.LANES;
import static dev.dragoman.models.kernel.vector.Tiles.S;

import dev.dragoman.models.format.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Turns ggml's blocks into singles, to the same bits as {@link
 * dev.dragoman.models.format.Tensor#read}: no product of a scale and a number has more bits than a
 * single, or it is rounded once in both.
 */
final class Unpacking {
  /** Vectors of 4 lanes are not worth it: there are no vectors of 4 bytes. */
  private static final boolean WIDE_ENOUGH = LANES >= 8;

  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, LANES * Byte.SIZE)));
  private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, S.vectorShape());
  private static final IntVector LANE = IntVector.zero(I).addIndex(1);
  private static final ValueLayout.OfShort I16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Unpacking() {}

  /** Whether {@link #unpack} knows the type on this machine. */
  static boolean knows(DType type) {
    return WIDE_ENOUGH
        && switch (type) {
          case Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K -> true;
          default -> false;
        };
  }

  /**
   * Writes whole blocks.
   *
   * @param at offset of the first block
   * @param to where its first number goes
   */
  static void unpack(DType type, MemorySegment data, long at, int blocks, float[] into, int to) {
    switch (type) {
      case Q8_0 -> q80(data, at, blocks, into, to);
      case Q4_0 -> q40(data, at, blocks, into, to);
      case Q4_1 -> q41(data, at, blocks, into, to);
      case Q5_0 -> q50(data, at, blocks, into, to);
      case Q5_1 -> q51(data, at, blocks, into, to);
      case Q4_K -> q4k(data, at, blocks, into, to);
      case Q5_K -> q5k(data, at, blocks, into, to);
      case Q6_K -> q6k(data, at, blocks, into, to);
      default -> throw new IllegalArgumentException(type + " is not known here");
    }
  }

  private static FloatVector all(float x) {
    return FloatVector.broadcast(S, x);
  }

  private static FloatVector half(MemorySegment data, long at) {
    return all(Float.float16ToFloat(data.get(I16, at)));
  }

  /** Some bytes, as numbers from 0 to 255. */
  private static IntVector bytes(MemorySegment data, long at) {
    return (IntVector)
        ByteVector.fromMemorySegment(B, data, at, ByteOrder.LITTLE_ENDIAN)
            .convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0);
  }

  private static FloatVector floats(IntVector v) {
    return (FloatVector) v.convert(VectorOperators.I2F, 0);
  }

  private static void q80(MemorySegment data, long at, int blocks, float[] into, int to) {
    for (int i = 0; i < blocks; i++, at += 34, to += 32) {
      FloatVector d = half(data, at);
      for (int j = 0; j < 32; j += LANES) {
        FloatVector q =
            (FloatVector)
                ByteVector.fromMemorySegment(B, data, at + 2 + j, ByteOrder.LITTLE_ENDIAN)
                    .convertShape(VectorOperators.B2F, S, 0);
        q.mul(d).intoArray(into, to + j);
      }
    }
  }

  private static void q40(MemorySegment data, long at, int blocks, float[] into, int to) {
    for (int i = 0; i < blocks; i++, at += 18, to += 32) {
      FloatVector d = half(data, at);
      for (int j = 0; j < 16; j += LANES) {
        IntVector pairs = bytes(data, at + 2 + j);
        floats(pairs.and(15).sub(8)).mul(d).intoArray(into, to + j);
        floats(pairs.lanewise(VectorOperators.LSHR, 4).sub(8)).mul(d).intoArray(into, to + 16 + j);
      }
    }
  }

  private static void q41(MemorySegment data, long at, int blocks, float[] into, int to) {
    for (int i = 0; i < blocks; i++, at += 20, to += 32) {
      FloatVector d = half(data, at);
      FloatVector m = half(data, at + 2);
      for (int j = 0; j < 16; j += LANES) {
        IntVector pairs = bytes(data, at + 4 + j);
        floats(pairs.and(15)).fma(d, m).intoArray(into, to + j);
        floats(pairs.lanewise(VectorOperators.LSHR, 4)).fma(d, m).intoArray(into, to + 16 + j);
      }
    }
  }

  /** The bits from {@code first} on, one a lane, as 16 or 0. */
  private static IntVector fifths(int bits, int first) {
    return IntVector.broadcast(I, Integer.rotateRight(bits, first - 4))
        .lanewise(VectorOperators.LSHR, LANE)
        .and(16);
  }

  private static void q50(MemorySegment data, long at, int blocks, float[] into, int to) {
    for (int i = 0; i < blocks; i++, at += 22, to += 32) {
      FloatVector d = half(data, at);
      int high = data.get(I32, at + 2);
      for (int j = 0; j < 16; j += LANES) {
        IntVector pairs = bytes(data, at + 6 + j);
        IntVector low = pairs.and(15).or(fifths(high, j));
        IntVector upper = pairs.lanewise(VectorOperators.LSHR, 4).or(fifths(high, 16 + j));
        floats(low.sub(16)).mul(d).intoArray(into, to + j);
        floats(upper.sub(16)).mul(d).intoArray(into, to + 16 + j);
      }
    }
  }

  private static void q51(MemorySegment data, long at, int blocks, float[] into, int to) {
    for (int i = 0; i < blocks; i++, at += 24, to += 32) {
      FloatVector d = half(data, at);
      FloatVector m = half(data, at + 2);
      int high = data.get(I32, at + 4);
      for (int j = 0; j < 16; j += LANES) {
        IntVector pairs = bytes(data, at + 8 + j);
        IntVector low = pairs.and(15).or(fifths(high, j));
        IntVector upper = pairs.lanewise(VectorOperators.LSHR, 4).or(fifths(high, 16 + j));
        floats(low).fma(d, m).intoArray(into, to + j);
        floats(upper).fma(d, m).intoArray(into, to + 16 + j);
      }
    }
  }

  private static int u8(MemorySegment data, long at) {
    return data.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
  }

  private static int scale(MemorySegment data, long at, int group) {
    return group < 4
        ? u8(data, at + group) & 63
        : u8(data, at + 4 + group) & 15 | u8(data, at + group - 4) >> 6 << 4;
  }

  private static int minimum(MemorySegment data, long at, int group) {
    return group < 4
        ? u8(data, at + 4 + group) & 63
        : u8(data, at + 4 + group) >> 4 | u8(data, at + group) >> 6 << 4;
  }

  private static void q4k(MemorySegment data, long at, int blocks, float[] into, int to) {
    for (int i = 0; i < blocks; i++, at += 144) {
      float d = Float.float16ToFloat(data.get(I16, at));
      float dmin = -Float.float16ToFloat(data.get(I16, at + 2));
      for (int pair = 0; pair < 4; pair++, to += 64) {
        FloatVector d0 = all(d * scale(data, at + 4, 2 * pair));
        FloatVector m0 = all(dmin * minimum(data, at + 4, 2 * pair));
        FloatVector d1 = all(d * scale(data, at + 4, 2 * pair + 1));
        FloatVector m1 = all(dmin * minimum(data, at + 4, 2 * pair + 1));
        for (int j = 0; j < 32; j += LANES) {
          IntVector both = bytes(data, at + 16 + pair * 32 + j);
          floats(both.and(15)).fma(d0, m0).intoArray(into, to + j);
          floats(both.lanewise(VectorOperators.LSHR, 4)).fma(d1, m1).intoArray(into, to + 32 + j);
        }
      }
    }
  }

  private static void q5k(MemorySegment data, long at, int blocks, float[] into, int to) {
    for (int i = 0; i < blocks; i++, at += 176) {
      float d = Float.float16ToFloat(data.get(I16, at));
      float dmin = -Float.float16ToFloat(data.get(I16, at + 2));
      for (int pair = 0; pair < 4; pair++, to += 64) {
        FloatVector d0 = all(d * scale(data, at + 4, 2 * pair));
        FloatVector m0 = all(dmin * minimum(data, at + 4, 2 * pair));
        FloatVector d1 = all(d * scale(data, at + 4, 2 * pair + 1));
        FloatVector m1 = all(dmin * minimum(data, at + 4, 2 * pair + 1));
        for (int j = 0; j < 32; j += LANES) {
          IntVector both = bytes(data, at + 48 + pair * 32 + j);
          IntVector high = bytes(data, at + 16 + j).lanewise(VectorOperators.LSHR, 2 * pair);
          IntVector first = both.and(15).or(high.lanewise(VectorOperators.LSHL, 4).and(16));
          IntVector second =
              both.lanewise(VectorOperators.LSHR, 4)
                  .or(high.lanewise(VectorOperators.LSHL, 3).and(16));
          floats(first).fma(d0, m0).intoArray(into, to + j);
          floats(second).fma(d1, m1).intoArray(into, to + 32 + j);
        }
      }
    }
  }

  private static void q6k(MemorySegment data, long at, int blocks, float[] into, int to) {
    for (int i = 0; i < blocks; i++, at += 210) {
      float d = Float.float16ToFloat(data.get(I16, at + 208));
      for (int half = 0; half < 2; half++, to += 128) {
        long scales = at + 192 + 8 * half;
        for (int j = 0; j < 32; j += LANES) {
          long scale = scales + j / 16;
          IntVector low = bytes(data, at + 64 * half + j);
          IntVector next = bytes(data, at + 64 * half + 32 + j);
          IntVector high = bytes(data, at + 128 + 32 * half + j);
          sixth(low.and(15), high.lanewise(VectorOperators.LSHL, 4), d * data.get(I8, scale))
              .intoArray(into, to + j);
          sixth(next.and(15), high.lanewise(VectorOperators.LSHL, 2), d * data.get(I8, scale + 2))
              .intoArray(into, to + 32 + j);
          sixth(low.lanewise(VectorOperators.LSHR, 4), high, d * data.get(I8, scale + 4))
              .intoArray(into, to + 64 + j);
          sixth(
                  next.lanewise(VectorOperators.LSHR, 4),
                  high.lanewise(VectorOperators.LSHR, 2),
                  d * data.get(I8, scale + 6))
              .intoArray(into, to + 96 + j);
        }
      }
    }
  }

  private static final ValueLayout.OfByte I8 = ValueLayout.JAVA_BYTE;

  private static FloatVector sixth(IntVector low, IntVector high, float scale) {
    return floats(low.or(high.and(48)).sub(32)).mul(all(scale));
  }
}
