package dev.dragoman.models.format;

/**
 * How the numbers of a tensor are stored. Plain types are named as safetensors names them; the
 * types of ggml, named as ggml names them, store a block of consecutive numbers in some bytes: a
 * scale or two, and a few bits a number.
 */
public enum DType {
  /** IEEE double precision. */
  F64(1, 8),
  /** IEEE single precision. */
  F32(1, 4),
  /** IEEE half precision. */
  F16(1, 2),
  /** The upper half of a single. */
  BF16(1, 2),
  /** Signed 64-bit. */
  I64(1, 8),
  /** Signed 32-bit. */
  I32(1, 4),
  /** Signed 16-bit. */
  I16(1, 2),
  /** Signed 8-bit. */
  I8(1, 1),
  /** Unsigned 8-bit. */
  U8(1, 1),
  /** One byte a truth value. */
  BOOL(1, 1),
  /** A half scale d, 32 signed bytes q: d q. */
  Q8_0(32, 34),
  /** A half scale d, 32 nibbles q: d (q - 8). */
  Q4_0(32, 18),
  /** A half scale d, a half minimum m, 32 nibbles q: d q + m. */
  Q4_1(32, 20),
  /** A half scale d, 32 fifth bits, 32 nibbles: d (q - 16). */
  Q5_0(32, 22),
  /** A half scale d, a half minimum m, 32 fifth bits, 32 nibbles: d q + m. */
  Q5_1(32, 24),
  /** 16 groups of 16 numbers of 2 bits, each with a 4-bit scale and a 4-bit minimum. */
  Q2_K(256, 84),
  /** 16 groups of 16 numbers of 3 bits, each with a 6-bit signed scale. */
  Q3_K(256, 110),
  /** 8 groups of 32 numbers of 4 bits, each with a 6-bit scale and a 6-bit minimum. */
  Q4_K(256, 144),
  /** 8 groups of 32 numbers of 5 bits, each with a 6-bit scale and a 6-bit minimum. */
  Q5_K(256, 176),
  /** 16 groups of 16 numbers of 6 bits, each with an 8-bit signed scale. */
  Q6_K(256, 210),
  /** A half scale d, 32 nibbles that point into a table of 16 values. */
  IQ4_NL(32, 18),
  /** 8 groups of 32 nibbles that point into that table, each with a 6-bit signed scale. */
  IQ4_XS(256, 136);

  private final int blockSize;
  private final int blockBytes;

  DType(int blockSize, int blockBytes) {
    this.blockSize = blockSize;
    this.blockBytes = blockBytes;
  }

  /** How many elements a block holds; 1 for the plain types. */
  public int blockSize() {
    return blockSize;
  }

  /** The size of a block, which for the plain types is the size of an element. */
  public int blockBytes() {
    return blockBytes;
  }

  /** Whether several elements share a block. */
  public boolean packed() {
    return blockSize > 1;
  }

  /**
   * The bytes of this many elements, which must be whole blocks.
   *
   * @throws ArithmeticException if they are more than a long can say
   */
  public long bytesFor(long elements) {
    return Math.multiplyExact(elements / blockSize, (long) blockBytes);
  }
}
