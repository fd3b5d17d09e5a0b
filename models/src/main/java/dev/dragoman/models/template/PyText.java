package dev.dragoman.models.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Text as Python sees it: characters are code points, and white space is what Python calls so. */
final class PyText {
  private static final String LINE_ENDS = "\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029";

  private PyText() {}

  static boolean isSpace(int c) {
    if (c <= ' ') {
      return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
    }
    return c >= 0x85
        && (c == 0x85
            || c == 0xa0
            || c == 0x1680
            || (c >= 0x2000 && c <= 0x200a)
            || c == 0x2028
            || c == 0x2029
            || c == 0x202f
            || c == 0x205f
            || c == 0x3000);
  }

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Where in the string the code point of this number starts. */
  static int offset(String text, int codePoint) {
    return text.offsetByCodePoints(0, codePoint);
  }

  static String strip(String text, @Nullable String chars, boolean left, boolean right) {
    int from = 0;
    int to = text.length();
    while (left && from < to) {
      int c = text.codePointAt(from);
      if (!strips(c, chars)) {
        break;
      }
      from += Character.charCount(c);
    }
    while (right && to > from) {
      int c = text.codePointBefore(to);
      if (!strips(c, chars)) {
        break;
      }
      to -= Character.charCount(c);
    }
    return text.substring(from, to);
  }

  private static boolean strips(int c, @Nullable String chars) {
    return chars == null ? isSpace(c) : chars.indexOf(c) >= 0;
  }

  /** The words of a text; what is left after {@code max} of them (-1: no limit) is the last. */
  static List<String> words(String text, long max) {
    List<String> words = new ArrayList<>();
    int i = skipSpace(text, 0);
    while (i < text.length()) {
      if (max >= 0 && words.size() == max) {
        words.add(text.substring(i));
        break;
      }
      int end = i;
      while (end < text.length() && !isSpace(text.charAt(end))) {
        end++;
      }
      words.add(text.substring(i, end));
      i = skipSpace(text, end);
    }
    return words;
  }

  /** The same, counted from the end. */
  static List<String> wordsFromEnd(String text, long max) {
    List<String> words = new ArrayList<>();
    int end = text.length();
    while (true) {
      while (end > 0 && isSpace(text.charAt(end - 1))) {
        end--;
      }
      if (end == 0) {
        break;
      }
      if (max >= 0 && words.size() == max) {
        words.addFirst(text.substring(0, end));
        break;
      }
      int from = end;
      while (from > 0 && !isSpace(text.charAt(from - 1))) {
        from--;
      }
      words.addFirst(text.substring(from, end));
      end = from;
    }
    return words;
  }

  private static int skipSpace(String text, int from) {
    int i = from;
    while (i < text.length() && isSpace(text.charAt(i))) {
      i++;
    }
    return i;
  }

  static List<String> lines(String text, boolean keepEnds) {
    List<String> lines = new ArrayList<>();
    int i = 0;
    while (i < text.length()) {
      int end = i;
      while (end < text.length() && LINE_ENDS.indexOf(text.charAt(end)) < 0) {
        end++;
      }
      int next = Math.min(end + 1, text.length());
      if (text.startsWith("\r\n", end)) {
        next = end + 2;
      }
      lines.add(text.substring(i, keepEnds ? next : end));
      i = next;
    }
    return lines;
  }

  /** Compares by code points, as Python does; Java compares by UTF-16 units. */
  static int compare(String a, String b) {
    int shorter = Math.min(a.length(), b.length());
    for (int i = 0; i < shorter; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        if (Character.isSurrogate(x) != Character.isSurrogate(y)) {
          return Character.isSurrogate(x) ? 1 : -1; // half of a code point beyond all single units
        }
        return Character.compare(x, y);
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.codePointAt(0);
    return Character.toString(Character.toTitleCase(first))
        + lower(text.substring(Character.charCount(first)));
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  /** Each run of letters starts with a capital and goes on in small letters. */
  static String title(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean inWord = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      out.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
      inWord = isCased(c);
      i += Character.charCount(c);
    }
    return out.toString();
  }

  static String swapCase(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .mapToObj(Character::toString)
        .forEach(c -> out.append(Character.isUpperCase(c.codePointAt(0)) ? lower(c) : upper(c)));
    return out.toString();
  }

  static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  /** The text of a string literal, its escapes taken as Python takes them. */
  static String unescape(String literal) {
    if (literal.indexOf('\\') < 0) {
      return literal;
    }
    StringBuilder out = new StringBuilder(literal.length());
    for (int i = 0; i < literal.length(); i++) {
      char c = literal.charAt(i);
      if (c != '\\' || i + 1 == literal.length()) {
        out.append(c);
        continue;
      }
      char escape = literal.charAt(++i);
      switch (escape) {
        case '\n' -> {}
        case '\\', '\'', '"' -> out.append(escape);
        case 'a' -> out.append('\u0007');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'v' -> out.append('\u000b');
        case 'x' -> i = hex(literal, i, 2, out);
        case 'u' -> i = hex(literal, i, 4, out);
        case 'U' -> i = hex(literal, i, 8, out);
        case 'N' -> throw new IllegalArgumentException("\\N{...} in a string is not supported");
        case '0', '1', '2', '3', '4', '5', '6', '7' -> {
          int end = i;
          int code = 0;
          while (end < literal.length()
              && end < i + 3
              && Character.digit(literal.charAt(end), 8) >= 0) {
            code = code * 8 + literal.charAt(end++) - '0';
          }
          out.append((char) code);
          i = end - 1;
        }
        default -> out.append('\\').append(escape);
      }
    }
    return out.toString();
  }

  private static int hex(String literal, int at, int digits, StringBuilder out) {
    int code = 0;
    for (int i = at + 1; i <= at + digits; i++) {
      int digit = i < literal.length() ? Character.digit(literal.charAt(i), 16) : -1;
      if (digit < 0 || code > 0x10ffff) {
        throw new IllegalArgumentException(
            "\\%c in a string needs %d hexadecimal digits".formatted(literal.charAt(at), digits));
      }
      code = code * 16 + digit;
    }
    if (!Character.isValidCodePoint(code)) {
      throw new IllegalArgumentException("illegal Unicode character");
    }
    out.appendCodePoint(code);
    return at + digits;
  }
}
