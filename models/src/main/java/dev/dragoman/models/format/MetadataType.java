package dev.dragoman.models.format;

/** The types of GGUF's metadata; their order is their number in the file. */
enum MetadataType {
  U8(1),
  I8(1),
  U16(2),
  I16(2),
  U32(4),
  I32(4),
  F32(4),
  FLAG(1),
  TEXT(8),
  ARRAY(12),
  U64(8),
  I64(8),
  F64(8);

  private final int leastBytes;

  MetadataType(int leastBytes) {
    this.leastBytes = leastBytes;
  }

  /** The bytes of a value, of an empty one where it has no fixed size. */
  int leastBytes() {
    return leastBytes;
  }

  /** Whether all values take the same number of bytes. */
  boolean fixed() {
    return this != TEXT && this != ARRAY;
  }

  /** Reads the number of a type. */
  static MetadataType read(Cursor cursor, String what) {
    long start = cursor.at();
    long number = cursor.u32(what);
    if (number >= values().length) {
      throw cursor.wrong(start, "%s has the unknown type %d".formatted(what, number));
    }
    return values()[(int) number];
  }
}
