package dev.dragoman.models.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes each byte of the text's UTF-8 as a printable character, as GPT-2 does (<a
 * href="https://github.com/openai/gpt-2/blob/master/src/encoder.py">reference</a>).
 */
record ByteLevel() implements PreTokenizer {
  private static final int[] CHARACTERS = characters();
  private static final int[] BYTES = bytes();

  private static int[] characters() {
    int[] characters = new int[256];
    int next = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable =
          (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
      characters[b] = printable ? b : next++;
    }
    return characters;
  }

  private static int[] bytes() {
    int[] bytes = new int[512];
    Arrays.fill(bytes, -1);
    for (int b = 0; b < 256; b++) {
      bytes[CHARACTERS[b]] = b;
    }
    return bytes;
  }

  /** The character that stands for a byte. */
  static int character(int b) {
    return CHARACTERS[b];
  }

  /** The byte that a character stands for, or -1. */
  static int byteOf(int codePoint) {
    return codePoint < BYTES.length ? BYTES[codePoint] : -1;
  }

  /** The bytes that a token stands for; those of its text if it is not written in bytes. */
  static byte[] bytesOf(String token) {
    if (!token.codePoints().allMatch(c -> byteOf(c) >= 0)) {
      return token.getBytes(StandardCharsets.UTF_8);
    }
    byte[] bytes = new byte[token.codePointCount(0, token.length())];
    for (int i = 0, at = 0; i < bytes.length; i++) {
      int c = token.codePointAt(at);
      bytes[i] = (byte) byteOf(c);
      at += Character.charCount(c);
    }
    return bytes;
  }

  @Override
  public Words before(Words words) {
    Pieces scratch = new Pieces(64);
    return (pieces, from, to) -> {
      scratch.clear();
      write(pieces, from, to, scratch);
      return words.word(scratch, 0, scratch.size());
    };
  }

  static void write(Pieces pieces, int from, int to, Pieces out) {
    for (int i = from; i < to; i++) {
      int c = pieces.codePoint(i);
      int start = pieces.start(i);
      int end = pieces.end(i);
      if (c < 0x80) {
        out.add(CHARACTERS[c], start, end);
        continue;
      }
      if (c < 0x800) {
        out.add(CHARACTERS[0xC0 | c >> 6], start, end);
      } else {
        if (c < 0x10000) {
          out.add(CHARACTERS[0xE0 | c >> 12], start, end);
        } else {
          out.add(CHARACTERS[0xF0 | c >> 18], start, end);
          out.add(CHARACTERS[0x80 | c >> 12 & 0x3F], start, end);
        }
        out.add(CHARACTERS[0x80 | c >> 6 & 0x3F], start, end);
      }
      out.add(CHARACTERS[0x80 | c & 0x3F], start, end);
    }
  }
}
