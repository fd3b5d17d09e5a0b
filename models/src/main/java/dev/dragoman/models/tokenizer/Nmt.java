package dev.dragoman.models.tokenizer;

/**
 * Drops control characters and makes other separators spaces (<a
 * href="https://github.com/huggingface/tokenizers/blob/main/tokenizers/src/normalizers/unicode.rs">reference</a>).
 */
record Nmt() implements Normalizer {
  @Override
  public void normalize(Pieces in, Pieces out) {
    for (int i = 0; i < in.size(); i++) {
      int c = in.codePoint(i);
      if (!dropped(c)) {
        out.add(space(c) ? ' ' : c, in.start(i), in.end(i));
      }
    }
  }

  @Override
  public boolean local() {
    return true;
  }

  private static boolean dropped(int c) {
    return (c >= 0x01 && c <= 0x08)
        || c == 0x0B
        || (c >= 0x0E && c <= 0x1F)
        || c == 0x7F
        || c == 0x8F
        || c == 0x9F;
  }

  private static boolean space(int c) {
    return switch (c) {
      case 0x09,
          0x0A,
          0x0C,
          0x0D,
          0x1680,
          0x200B,
          0x200C,
          0x200D,
          0x200E,
          0x200F,
          0x2028,
          0x2029,
          0x2581,
          0xFEFF,
          0xFFFD ->
          true;
      default -> false;
    };
  }
}
