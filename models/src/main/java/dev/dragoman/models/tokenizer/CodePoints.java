package dev.dragoman.models.tokenizer;

import java.text.Normalizer.Form;

/**
 * What the reference implementation thinks of each code point. Its tables are older than the JDK's
 * and never change, while the JDK's do; so they are kept here, in {@code codepoints.txt}, made by
 * {@code tests/parity/codepoints.py}.
 */
final class CodePoints {
  private static final short CONTROL = 1;
  private static final short SPACE = 1 << 1;
  private static final short PUNCTUATION = 1 << 2;
  private static final short MARK = 1 << 3;
  private static final short WHOLE = 1 << 4;
  private static final short CASELESS = 1 << 5;
  private static final short NUMERIC = 1 << 6;
  private static final short WORD = 1 << 7;
  private static final short COMBINING = 1 << 8;
  private static final short PLAIN = 1 << 9;
  private static final short JOINS = 1 << 10;
  private static final short LEADS = 1 << 11;
  private static final short BREAKS = 1 << 12;
  private static final CodePointTable FLAGS = load();
  private static final String[] DECOMPOSED = new String[Character.MIN_SUPPLEMENTARY_CODE_POINT];

  private CodePoints() {}

  private static CodePointTable load() {
    short[] flags = new short[CodePointTable.LIMIT];
    for (String line : CodePointTable.lines("codepoints.txt")) {
      CodePointTable.each(line, (name, c) -> flags[c] |= flag(name));
    }
    return new CodePointTable(flags);
  }

  private static short flag(String name) {
    return switch (name) {
      case "control" -> CONTROL;
      case "space" -> SPACE;
      case "punctuation" -> PUNCTUATION;
      case "mark" -> MARK;
      case "whole" -> WHOLE;
      case "caseless" -> CASELESS;
      case "numeric" -> NUMERIC;
      case "word" -> WORD;
      case "combining" -> COMBINING;
      case "plain" -> PLAIN;
      case "joins" -> JOINS;
      case "leads" -> LEADS;
      case "breaks" -> BREAKS;
      default -> throw new IllegalStateException("codepoints.txt: " + name);
    };
  }

  private static boolean has(int c, short flag) {
    return (FLAGS.get(c) & flag) != 0;
  }

  /** What {@code clean_text} drops: controls, format characters, private use, U+FFFD. */
  static boolean isControl(int c) {
    return has(c, CONTROL);
  }

  static boolean isSpace(int c) {
    return has(c, SPACE);
  }

  static boolean isPunctuation(int c) {
    return has(c, PUNCTUATION);
  }

  /** Whether it is a mark that takes no room of its own, such as an accent. */
  static boolean isMark(int c) {
    return has(c, MARK);
  }

  /** Whether it is a mark of any kind. */
  static boolean isCombining(int c) {
    return has(c, COMBINING);
  }

  static boolean isNumeric(int c) {
    return has(c, NUMERIC);
  }

  /** Whether it may be part of a word: a letter, a digit, a mark, an underscore. */
  static boolean isWord(int c) {
    return has(c, WORD);
  }

  /** Whether the two belong to one user-perceived character. */
  static boolean together(int first, int second) {
    return first == '\r'
        ? second == '\n'
        : has(second, JOINS) ? !has(first, BREAKS) : has(first, LEADS) && !has(second, BREAKS);
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
    return has(c, CASELESS) ? c : Character.toLowerCase(c);
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
    return has(c, WHOLE) ? whole : java.text.Normalizer.normalize(whole, Form.NFD);
  }

  /** The full compatibility decomposition of one code point. */
  static String compatible(int c) {
    String whole = Character.toString(c);
    return c < 0x80 || has(c, PLAIN) ? whole : java.text.Normalizer.normalize(whole, Form.NFKD);
  }
}
