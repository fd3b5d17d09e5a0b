package dev.dragoman.models.format;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.Random;

/** Tensors in ggml's blocks, with random numbers. */
public final class RandomTensors {
  private RandomTensors() {}

  /** A matrix [rows, columns], in a GGUF file that is nowhere but in memory. */
  public static Tensor of(DType type, int rows, int columns, Random random) {
    byte[] bytes = new byte[(int) type.bytesFor((long) rows * columns)];
    random.nextBytes(bytes);
    ByteBuffer blocks = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < bytes.length; at += type.blockBytes()) {
      for (int half : halves(type)) {
        float value = (float) random.nextGaussian() / 64;
        blocks.putShort(at + half, Float.floatToFloat16(value));
      }
    }
    byte[] file =
        new GgufBytes().start(3, 1, 0).tensor("w", number(type), bytes, columns, rows).file();
    return Objects.requireNonNull(
        Gguf.parse("random.gguf", MemorySegment.ofArray(file)).tensors().get("w"));
  }

  /** Where in a block its scales and minimums in half precision are. */
  private static int[] halves(DType type) {
    return switch (type) {
      case Q8_0, Q4_0, Q5_0, IQ4_NL, IQ4_XS -> new int[] {0};
      case Q4_1, Q5_1, Q4_K, Q5_K -> new int[] {0, 2};
      case Q2_K -> new int[] {80, 82};
      case Q3_K -> new int[] {108};
      case Q6_K -> new int[] {208};
      default -> throw new IllegalArgumentException(type + " has no blocks");
    };
  }

  private static int number(DType type) {
    return switch (type) {
      case Q4_0 -> 2;
      case Q4_1 -> 3;
      case Q5_0 -> 6;
      case Q5_1 -> 7;
      case Q8_0 -> 8;
      case Q2_K -> 10;
      case Q3_K -> 11;
      case Q4_K -> 12;
      case Q5_K -> 13;
      case Q6_K -> 14;
      case IQ4_NL -> 20;
      case IQ4_XS -> 23;
      default -> throw new IllegalArgumentException(type + " has no blocks");
    };
  }
}
