package dev.dragoman.models.tokenizer;

/**
 * Makes characters of bytes that come one by one. What is no UTF-8 becomes U+FFFD, one for each
 * longest stretch that could have begun a character (Unicode Standard, section 3.9).
 */
final class Utf8 {
  private static final char REPLACEMENT = '\uFFFD';

  private int missing;
  private int codePoint;
  private int low;
  private int high;

  void take(int b, StringBuilder out) {
    if (missing > 0) {
      if (b >= low && b <= high) {
        low = 0x80;
        high = 0xBF;
        codePoint = codePoint << 6 | b & 0x3F;
        if (--missing == 0) {
          out.appendCodePoint(codePoint);
        }
        return;
      }
      missing = 0;
      out.append(REPLACEMENT);
    }
    low = 0x80;
    high = 0xBF;
    if (b < 0x80) {
      out.append((char) b);
    } else if (b >= 0xC2 && b <= 0xDF) {
      missing = 1;
      codePoint = b & 0x1F;
    } else if (b >= 0xE0 && b <= 0xEF) {
      missing = 2;
      codePoint = b & 0x0F;
      low = b == 0xE0 ? 0xA0 : 0x80;
      high = b == 0xED ? 0x9F : 0xBF;
    } else if (b >= 0xF0 && b <= 0xF4) {
      missing = 3;
      codePoint = b & 0x07;
      low = b == 0xF0 ? 0x90 : 0x80;
      high = b == 0xF4 ? 0x8F : 0xBF;
    } else {
      out.append(REPLACEMENT);
    }
  }

  void end(StringBuilder out) {
    if (missing > 0) {
      missing = 0;
      out.append(REPLACEMENT);
    }
  }
}
