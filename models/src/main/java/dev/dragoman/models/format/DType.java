package dev.dragoman.models.format;

/** How the numbers of a tensor are stored, named as safetensors names them. */
public enum DType {
  /** IEEE double precision. */
  F64(8),
  /** IEEE single precision. */
  F32(4),
  /** IEEE half precision. */
  F16(2),
  /** The upper half of a single. */
  BF16(2),
  /** Signed 64-bit. */
  I64(8),
  /** Signed 32-bit. */
  I32(4),
  /** Signed 16-bit. */
  I16(2),
  /** Signed 8-bit. */
  I8(1),
  /** Unsigned 8-bit. */
  U8(1),
  /** One byte a truth value. */
  BOOL(1);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** The size of one element. */
  public int bytes() {
    return bytes;
  }
}
