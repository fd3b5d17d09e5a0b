package dev.dragoman.models.tokenizer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What the reference implementation thinks of each code point. Its tables are older than the JDK's
 * and never change, while the JDK's do; so they are kept here, in {@code codepoints.txt}, made by
 * {@code tests/parity/codepoints.py}.
 */
final class CodePoints {
  private static final byte CONTROL = 1;
  private static final byte SPACE = 2;
  private static final byte PUNCTUATION = 4;
  private static final byte MARK = 8;
  private static final byte WHOLE = 16;
  private static final byte CASELESS = 32;
  private static final byte[] FLAGS = load();
  private static final String[] DECOMPOSED = new String[Character.MIN_SUPPLEMENTARY_CODE_POINT];

  private CodePoints() {}

  private static byte[] load() {
    byte[] flags = new byte[Character.MAX_CODE_POINT + 1];
    try (InputStream in =
            Objects.requireNonNull(CodePoints.class.getResourceAsStream("codepoints.txt"));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("#")) {
          continue;
        }
        String[] fields = line.split(" ", -1);
        byte flag =
            switch (fields[0]) {
              case "control" -> CONTROL;
              case "space" -> SPACE;
              case "punctuation" -> PUNCTUATION;
              case "mark" -> MARK;
              case "whole" -> WHOLE;
              case "caseless" -> CASELESS;
              default -> throw new IllegalStateException("codepoints.txt: " + line);
            };
        for (int i = 1; i < fields.length; i++) {
          int dash = fields[i].indexOf('-');
          int first = Integer.parseInt(dash < 0 ? fields[i] : fields[i].substring(0, dash), 16);
          int last = dash < 0 ? first : Integer.parseInt(fields[i].substring(dash + 1), 16);
          for (int c = first; c <= last; c++) {
            flags[c] |= flag;
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return flags;
  }

  /** What {@code clean_text} drops: controls, format characters, private use, U+FFFD. */
  static boolean isControl(int c) {
    return (FLAGS[c] & CONTROL) != 0;
  }

  static boolean isSpace(int c) {
    return (FLAGS[c] & SPACE) != 0;
  }

  static boolean isPunctuation(int c) {
    return (FLAGS[c] & PUNCTUATION) != 0;
  }

  /** Whether it is a mark that takes no room of its own, such as an accent. */
  static boolean isMark(int c) {
    return (FLAGS[c] & MARK) != 0;
  }

  /** Whether {@code handle_chinese_chars} makes it a word of its own. */
  static boolean isChinese(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x20000 && c <= 0x2A6DF)
        || (c >= 0x2A700 && c <= 0x2B81F)
        || (c >= 0x2B920 && c <= 0x2CEAF)
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }

  /** The lower case of one code point, whatever stands around it. */
  static int lower(int c) {
    return (FLAGS[c] & CASELESS) != 0 ? c : Character.toLowerCase(c);
  }

  /** The full canonical decomposition of one code point. */
  static String decomposed(int c) {
    if (c >= DECOMPOSED.length) {
      return decompose(c);
    }
    String known = DECOMPOSED[c];
    if (known == null) {
      known = decompose(c);
      DECOMPOSED[c] = known;
    }
    return known;
  }

  private static String decompose(int c) {
    String whole = Character.toString(c);
    return (FLAGS[c] & WHOLE) != 0
        ? whole
        : java.text.Normalizer.normalize(whole, java.text.Normalizer.Form.NFD);
  }
}
