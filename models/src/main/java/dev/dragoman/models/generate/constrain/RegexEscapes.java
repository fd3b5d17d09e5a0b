package dev.dragoman.models.generate.constrain;

/** Reads the parts of a regular expression that stand for a set of characters. */
final class RegexEscapes {
  private static final RuneSet LINE_ENDS = RuneSet.of('\n', '\n', '\r', '\r', 0x2028, 0x2029);
  private static final String SYNTAX = "^$\\.*+?()[]{}|/";

  private final RegexParser in;
  private final RegexParser.Dialect dialect;
  private final UnicodeClasses classes = new UnicodeClasses();

  RegexEscapes(RegexParser in, RegexParser.Dialect dialect) {
    this.in = in;
    this.dialect = dialect;
  }

  private boolean java() {
    return dialect == RegexParser.Dialect.JAVA;
  }

  RuneSet dot() {
    RuneSet ends = java() ? LINE_ENDS.union(RuneSet.of(0x85, 0x85)) : LINE_ENDS;
    return ends.complement();
  }

  /** A class in brackets, after the opening one. */
  RuneSet bracket() {
    boolean negated = in.takes("^");
    RuneSet set = RuneSet.NONE;
    if (java() && in.sees("]")) {
      throw in.refused("a ] at the start of a class");
    }
    while (!in.takes("]")) {
      if (java() && (in.sees("[") || in.sees("&&"))) {
        throw in.refused("a class inside a class");
      }
      RuneSet item = member();
      if (in.sees("-") && !in.sees("-]")) {
        in.takes("-");
        if (java() && in.sees("[")) {
          throw in.refused("a class inside a class");
        }
        RuneSet last = member();
        int lo = single(item);
        int hi = single(last);
        if (hi < lo) {
          throw in.refused("a range that goes backwards");
        }
        item = RuneSet.of(lo, hi);
      }
      set = set.union(item);
    }
    return negated ? set.complement() : set;
  }

  private RuneSet member() {
    if (in.takes("\\")) {
      return escape(true);
    }
    int c = in.take();
    return RuneSet.of(c, c);
  }

  private int single(RuneSet set) {
    if (set.ranges().length != 2 || set.ranges()[0] != set.ranges()[1]) {
      throw in.refused("a range between classes");
    }
    return set.ranges()[0];
  }

  /** What follows a backslash. */
  RuneSet escape(boolean inBrackets) {
    int c = in.take();
    return switch (c) {
      case 'd' -> UnicodeClasses.DIGIT;
      case 'D' -> UnicodeClasses.DIGIT.complement();
      case 'w' -> UnicodeClasses.WORD;
      case 'W' -> UnicodeClasses.WORD.complement();
      case 's' -> space();
      case 'S' -> space().complement();
      case 'p' -> property();
      case 'P' -> property().complement();
      default -> {
        int rune = character(c, inBrackets);
        yield RuneSet.of(rune, rune);
      }
    };
  }

  private RuneSet space() {
    return java() ? UnicodeClasses.ASCII_SPACE : UnicodeClasses.ECMA_SPACE;
  }

  private RuneSet property() {
    String name =
        in.takes("{") ? in.takeUntil('}') : java() ? Character.toString(in.take()) : "(none)";
    RuneSet set = classes.named(name, dialect);
    if (set == null) {
      throw in.refused("the unknown character class \\p{%s}".formatted(name));
    }
    return set;
  }

  private int character(int c, boolean inBrackets) {
    switch (c) {
      case 't':
        return '\t';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 'f':
        return '\f';
      case 'v':
        if (!java()) {
          return 0x0B;
        }
        break;
      case 'a':
        if (java()) {
          return 0x07;
        }
        break;
      case 'e':
        if (java()) {
          return 0x1B;
        }
        break;
      case 'x':
        return java() && in.takes("{") ? code(in.takeUntil('}')) : code(in.takeCount(2));
      case 'u':
        return unicode();
      case 'c':
        return control();
      case '0':
        if (!java()) {
          return 0;
        }
        break;
      case 'b':
        if (inBrackets && !java()) {
          return '\b';
        }
        throw in.refused("a word boundary");
      case 'B':
        throw in.refused("a word boundary");
      case 'k', '1', '2', '3', '4', '5', '6', '7', '8', '9':
        throw in.refused("a back reference");
      case '-':
        if (inBrackets || java()) {
          return c;
        }
        break;
      default:
        boolean plain = SYNTAX.indexOf(c) >= 0 || c < 0x80 && !Character.isLetterOrDigit(c);
        if (plain) {
          return c;
        }
        break;
    }
    throw in.refused("the escape \\" + Character.toString(c));
  }

  private int unicode() {
    if (!java() && in.takes("{")) {
      return code(in.takeUntil('}'));
    }
    int unit = hex(in.takeCount(4));
    if (Character.isHighSurrogate((char) unit) && in.takes("\\u")) {
      int low = hex(in.takeCount(4));
      if (Character.isLowSurrogate((char) low)) {
        return Character.toCodePoint((char) unit, (char) low);
      }
    }
    return checked(unit);
  }

  private int control() {
    int letter = in.take();
    if (letter > 'z' || !Character.isLetter(letter) || java() && letter >= 'a') {
      throw in.refused("an unknown control character");
    }
    return letter & 0x1F;
  }

  private int code(String digits) {
    return checked(hex(digits));
  }

  private int checked(int c) {
    if (c > Character.MAX_CODE_POINT || c >= 0xD800 && c <= 0xDFFF) {
      throw in.refused("a character code outside Unicode");
    }
    return c;
  }

  private int hex(String digits) {
    if (digits.isEmpty() || digits.length() > 6) {
      throw in.refused("a character code that cannot be read");
    }
    int value = 0;
    for (char digit : digits.toCharArray()) {
      int number = Character.digit(digit, 16);
      if (number < 0 || digit > 'f') {
        throw in.refused("a character code that cannot be read");
      }
      value = value << 4 | number;
    }
    return value;
  }
}
