package dev.dragoman.models.template;

import dev.dragoman.models.template.TemplateFailure.Kind;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a template into tokens, with the white space rules of {@code trim_blocks} and {@code
 * lstrip_blocks}: a line break after a block goes, and so does what is before a block on its line
 * if it is only white space; {@code -} strips more, {@code +} nothing.
 */
final class Lexer {
  private static final String[] OPERATORS = {
    "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}",
    ">", "<", "=", ".", ":", "|", ",", ";"
  };

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  /** Whether the tag before ended with a line break, so that what follows starts a line. */
  private boolean lineStarting = true;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokenize(String template) {
    String source = template.replace("\r\n", "\n").replace('\r', '\n');
    if (source.endsWith("\n")) {
      source = source.substring(0, source.length() - 1);
    }
    Lexer lexer = new Lexer(source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (at < source.length()) {
      int tag = nextTag(at);
      if (tag < 0) {
        add(Token.Kind.DATA, source.substring(at));
        advance(source.length());
        break;
      }
      char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
      char type = source.charAt(tag + 1);
      data(tag, sign, type != '{');
      int begin = sign == '-' || sign == '+' ? tag + 3 : tag + 2;
      switch (type) {
        case '#' -> comment(begin);
        case '%' -> {
          int raw = rawEnd(begin);
          if (raw >= 0) {
            advance(raw);
            raw();
          } else {
            add(Token.Kind.BLOCK_BEGIN, "");
            advance(begin);
            inside("%}", Token.Kind.BLOCK_END);
          }
        }
        default -> {
          add(Token.Kind.PRINT_BEGIN, "");
          advance(begin);
          inside("}}", Token.Kind.PRINT_END);
        }
      }
    }
    add(Token.Kind.END, "");
  }

  private int nextTag(int from) {
    for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /** The text up to a tag, stripped as the tag's sign asks for. */
  private void data(int end, char sign, boolean mayStrip) {
    int stop = end;
    if (sign == '-') {
      while (stop > at && PyText.isSpace(source.charAt(stop - 1))) {
        stop--;
      }
    } else if (sign != '+' && mayStrip) {
      int from = end;
      while (from > at
          && source.charAt(from - 1) != '\n'
          && PyText.isSpace(source.charAt(from - 1))) {
        from--;
      }
      if (from > at ? source.charAt(from - 1) == '\n' : lineStarting) {
        stop = from;
      }
    }
    if (stop > at) {
      add(Token.Kind.DATA, source.substring(at, stop));
    }
    advance(end);
  }

  private void comment(int begin) {
    int end = source.indexOf("#}", begin);
    if (end < 0) {
      throw fail("Missing end of comment tag");
    }
    char sign = end > begin ? source.charAt(end - 1) : ' ';
    advance(afterTag(end + 2, sign));
  }

  /** Where the text after a tag starts, {@code end} being behind the tag's closing characters. */
  private int afterTag(int end, char sign) {
    int i = end;
    if (sign == '-') {
      while (i < source.length() && PyText.isSpace(source.charAt(i))) {
        i++;
      }
    } else if (sign != '+' && i < source.length() && source.charAt(i) == '\n') {
      i++;
    }
    return i;
  }

  private int skipSpace(int from) {
    int i = from;
    while (i < source.length() && PyText.isSpace(source.charAt(i))) {
      i++;
    }
    return i;
  }

  /** Behind {@code raw %}}, or -1 if the block that begins here is another. */
  private int rawEnd(int begin) {
    int i = skipSpace(begin);
    if (!source.startsWith("raw", i)) {
      return -1;
    }
    i = skipSpace(i + 3);
    if (source.startsWith("-%}", i)) {
      return afterTag(i + 3, '-');
    }
    return source.startsWith("%}", i) ? i + 2 : -1;
  }

  private void raw() {
    for (int i = source.indexOf("{%", at); i >= 0; i = source.indexOf("{%", i + 2)) {
      char sign = i + 2 < source.length() ? source.charAt(i + 2) : ' ';
      int name = skipSpace(sign == '-' || sign == '+' ? i + 3 : i + 2);
      if (source.startsWith("endraw", name)) {
        int end = skipSpace(name + 6);
        char endSign = end < source.length() ? source.charAt(end) : ' ';
        int close = endSign == '-' || endSign == '+' ? end + 1 : end;
        if (source.startsWith("%}", close)) {
          data(i, sign, true);
          advance(afterTag(close + 2, endSign));
          return;
        }
      }
    }
    throw fail("Missing end of raw directive");
  }

  private void inside(String end, Token.Kind endKind) {
    ArrayDeque<Character> open = new ArrayDeque<>();
    while (at < source.length()) {
      if (open.isEmpty() && closes(end, endKind)) {
        return;
      }
      char c = source.charAt(at);
      if (PyText.isSpace(c)) {
        advance(skipSpace(at));
      } else if (c >= '0' && c <= '9') {
        number();
      } else if (isNamePart(source.codePointAt(at))) {
        name();
      } else if (c == '\'' || c == '"') {
        string(c);
      } else {
        operator(open);
      }
    }
    // the parser says what was to come
  }

  private boolean closes(String end, Token.Kind kind) {
    char sign = source.charAt(at);
    boolean signed = sign == '-' || (sign == '+' && kind == Token.Kind.BLOCK_END);
    int close = signed ? at + 1 : at;
    if (!source.startsWith(end, close)) {
      return false;
    }
    add(kind, "");
    boolean trims = kind == Token.Kind.BLOCK_END || sign == '-';
    advance(trims ? afterTag(close + 2, signed ? sign : ' ') : close + 2);
    return true;
  }

  private static boolean isNamePart(int c) {
    return c == '_' || Character.isLetterOrDigit(c) || Character.isUnicodeIdentifierPart(c);
  }

  private void name() {
    int end = at;
    while (end < source.length() && isNamePart(source.codePointAt(end))) {
      end += Character.charCount(source.codePointAt(end));
    }
    String name = source.substring(at, end);
    int first = name.codePointAt(0);
    if (first != '_' && !Character.isUnicodeIdentifierStart(first)) {
      throw fail("Invalid character in identifier");
    }
    add(Token.Kind.NAME, name);
    advance(end);
  }

  private int digits(int from) {
    int i = from;
    while (i < source.length() && isDigit(i)) {
      i++;
      if (i + 1 < source.length() && source.charAt(i) == '_' && isDigit(i + 1)) {
        i++;
      }
    }
    return i;
  }

  private boolean isDigit(int i) {
    return i < source.length() && source.charAt(i) >= '0' && source.charAt(i) <= '9';
  }

  private void number() {
    int radix = radixOf(at);
    if (radix != 10) {
      int end = at + 2;
      while (end < source.length()
          && (source.charAt(end) == '_' || Character.digit(source.charAt(end), radix) >= 0)) {
        end++;
      }
      String digits = checkedNumber(source.substring(at + 2, end));
      add(Token.Kind.INTEGER, new BigInteger(digits, radix).toString());
      advance(end);
      return;
    }
    int whole = digits(at);
    int end = whole;
    if (at == 0 || source.charAt(at - 1) != '.') {
      if (end < source.length() && source.charAt(end) == '.' && isDigit(end + 1)) {
        end = digits(end + 1);
      }
      if (end < source.length() && (source.charAt(end) | 0x20) == 'e') {
        int sign = end + 1;
        if (sign < source.length() && "+-".indexOf(source.charAt(sign)) >= 0) {
          sign++;
        }
        if (isDigit(sign)) {
          end = digits(sign);
        }
      }
    }
    if (end == whole && source.charAt(at) == '0') {
      end = at + 1; // zeros are a number of their own
      while (end < whole && "0_".indexOf(source.charAt(end)) >= 0) {
        end++;
      }
      whole = end;
    }
    String text = checkedNumber(source.substring(at, end));
    add(end > whole ? Token.Kind.FLOAT : Token.Kind.INTEGER, text);
    advance(end);
  }

  private String checkedNumber(String text) {
    if (text.length() > 400) {
      throw fail("a number of %d digits is too long".formatted(text.length()));
    }
    return text.replace("_", "");
  }

  private int radixOf(int i) {
    if (source.charAt(i) != '0' || i + 2 >= source.length()) {
      return 10;
    }
    int radix =
        switch (source.charAt(i + 1)) {
          case 'x', 'X' -> 16;
          case 'o', 'O' -> 8;
          case 'b', 'B' -> 2;
          default -> 10;
        };
    return Character.digit(source.charAt(i + 2), radix) >= 0 ? radix : 10;
  }

  private void string(char quote) {
    int end = at + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw fail("unexpected char '%s': the string that begins here has no end".formatted(quote));
    }
    try {
      add(Token.Kind.STRING, PyText.unescape(source.substring(at + 1, end)));
    } catch (IllegalArgumentException e) {
      throw fail(String.valueOf(e.getMessage()));
    }
    advance(end + 1);
  }

  private void operator(ArrayDeque<Character> open) {
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, at)) {
        char c = operator.charAt(0);
        switch (c) {
          case '{' -> open.push('}');
          case '(' -> open.push(')');
          case '[' -> open.push(']');
          case '}', ')', ']' -> {
            if (open.isEmpty()) {
              throw fail("unexpected '%c'".formatted(c));
            }
            char expected = open.pop();
            if (expected != c) {
              throw fail("unexpected '%c', expected '%c'".formatted(c, expected));
            }
          }
          default -> {}
        }
        add(Token.Kind.OPERATOR, operator);
        advance(at + operator.length());
        return;
      }
    }
    throw fail("unexpected char '%s'".formatted(Character.toString(source.codePointAt(at))));
  }

  private void add(Token.Kind kind, String text) {
    tokens.add(new Token(kind, text, line));
  }

  private void advance(int to) {
    for (int i = at; i < to; i++) {
      if (source.charAt(i) == '\n') {
        line++;
      }
    }
    if (to > at) {
      lineStarting = source.charAt(to - 1) == '\n';
    }
    at = to;
  }

  private TemplateFailure fail(String detail) {
    return new TemplateFailure(Kind.SYNTAX, detail).at(line);
  }
}
