package dev.dragoman.models.tokenizer;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.tokenizer.RegexNode.Greed;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the regular expressions of tokenizers, in the syntax of <a
 * href="https://github.com/kkos/oniguruma/blob/master/doc/RE">Oniguruma</a>. What it does not know
 * is refused.
 */
final class RegexParser {
  private static final int MAX_DEPTH = 50;
  private static final int MAX_COUNT = 1000;

  private final String pattern;
  private int at;
  private int depth;
  private boolean ignoreCase;

  private RegexParser(String pattern) {
    this.pattern = pattern;
  }

  static RegexNode parse(String pattern) {
    RegexParser parser = new RegexParser(pattern);
    RegexNode node = parser.choice();
    if (parser.at < pattern.length()) {
      throw parser.unknown();
    }
    return node;
  }

  private RegexNode choice() {
    if (++depth > MAX_DEPTH) {
      throw unknown();
    }
    List<RegexNode> options = new ArrayList<>();
    do {
      options.add(chain());
    } while (accept("|"));
    depth--;
    return options.size() == 1 ? options.getFirst() : new RegexNode.Choice(options);
  }

  private RegexNode chain() {
    List<RegexNode> parts = new ArrayList<>();
    boolean outside = ignoreCase;
    while (at < pattern.length() && peek() != '|' && peek() != ')') {
      if (accept("(?i)")) {
        ignoreCase = true;
        continue;
      }
      parts.add(repeated(atom()));
    }
    ignoreCase = outside;
    return parts.size() == 1 ? parts.getFirst() : new RegexNode.Chain(parts);
  }

  private RegexNode repeated(RegexNode body) {
    int min;
    int max;
    boolean counted = false;
    if (accept("?")) {
      min = 0;
      max = 1;
    } else if (accept("*")) {
      min = 0;
      max = Integer.MAX_VALUE;
    } else if (accept("+")) {
      min = 1;
      max = Integer.MAX_VALUE;
    } else if (at + 1 < pattern.length()
        && peek() == '{'
        && Character.isDigit(pattern.charAt(at + 1))) {
      at++;
      min = number();
      max = accept(",") ? (peek() == '}' ? Integer.MAX_VALUE : number()) : min;
      expect("}");
      counted = true;
    } else {
      return body;
    }
    if (max < min || (max == Integer.MAX_VALUE && RegexNode.mayBeEmpty(body))) {
      throw unknown();
    }
    Greed greed = accept("?") ? Greed.LAZY : Greed.GREEDY;
    if (at < pattern.length() && "?*+".indexOf(peek()) >= 0) {
      if (counted || greed == Greed.LAZY || !accept("+")) {
        throw unknown();
      }
      greed = Greed.POSSESSIVE;
    }
    return new RegexNode.Repeat(body, min, max, greed);
  }

  private int number() {
    int start = at;
    while (at < pattern.length() && Character.isDigit(pattern.charAt(at)) && at - start < 5) {
      at++;
    }
    if (at == start) {
      throw unknown();
    }
    int value = Integer.parseInt(pattern.substring(start, at));
    if (value > MAX_COUNT) {
      throw unknown();
    }
    return value;
  }

  private RegexNode atom() {
    return switch (peek()) {
      case '(' -> group();
      case '[' -> {
        at++;
        yield new RegexNode.OneOf(classBody());
      }
      case '.' -> {
        at++;
        BitSet all = not(new BitSet());
        all.clear('\n');
        yield new RegexNode.OneOf(all);
      }
      case '^' -> {
        at++;
        yield new RegexNode.Line(true);
      }
      case '$' -> {
        at++;
        yield new RegexNode.Line(false);
      }
      case '\\' -> new RegexNode.OneOf(folded(escape()));
      case '*', '+', '?' -> throw unknown();
      default -> new RegexNode.OneOf(folded(single(codePoint())));
    };
  }

  private RegexNode group() {
    boolean outside = ignoreCase;
    RegexNode node;
    if (accept("(?=")) {
      node = new RegexNode.Look(choice(), false, false);
    } else if (accept("(?!")) {
      node = new RegexNode.Look(choice(), true, false);
    } else if (accept("(?<=")) {
      node = new RegexNode.Look(oneCodePoint(choice()), false, true);
    } else if (accept("(?<!")) {
      node = new RegexNode.Look(oneCodePoint(choice()), true, true);
    } else if (accept("(?>")) {
      node = new RegexNode.Atomic(choice());
    } else if (accept("(?i:")) {
      ignoreCase = true;
      node = choice();
    } else if (accept("(?:")) {
      node = choice();
    } else if (pattern.startsWith("(?", at) || pattern.startsWith("(*", at)) {
      throw unknown();
    } else {
      expect("(");
      node = choice();
    }
    ignoreCase = outside;
    expect(")");
    return node;
  }

  private RegexNode oneCodePoint(RegexNode node) {
    if (!(node instanceof RegexNode.OneOf)) {
      throw unknown();
    }
    return node;
  }

  /** After the opening bracket. */
  private BitSet classBody() {
    if (++depth > MAX_DEPTH) {
      throw unknown();
    }
    boolean negated = accept("^");
    @Nullable BitSet all = null;
    BitSet set = new BitSet();
    boolean empty = true;
    while (empty || peek() != ']') {
      empty = false;
      if (accept("&&")) {
        all = both(all, set);
        set = new BitSet();
      } else if (pattern.startsWith("[:", at)) {
        throw unknown();
      } else if (accept("[")) {
        set.or(classBody());
      } else {
        item(set);
      }
    }
    at++;
    depth--;
    BitSet body = folded(both(all, set));
    return negated ? not(body) : body;
  }

  private static BitSet both(@Nullable BitSet all, BitSet set) {
    if (all == null) {
      return set;
    }
    all.and(set);
    return all;
  }

  private void item(BitSet set) {
    BitSet first = peek() == '\\' ? escape() : single(codePoint());
    boolean range = at + 1 < pattern.length() && peek() == '-' && pattern.charAt(at + 1) != ']';
    if (!range || first.cardinality() != 1) {
      set.or(first);
      return;
    }
    at++;
    BitSet last = peek() == '\\' ? escape() : single(codePoint());
    int low = first.nextSetBit(0);
    int high = last.nextSetBit(0);
    if (last.cardinality() != 1 || high < low) {
      throw unknown();
    }
    set.set(low, high + 1);
  }

  private BitSet escape() {
    at++;
    int c = codePoint();
    return switch (c) {
      case 'n' -> single('\n');
      case 'r' -> single('\r');
      case 't' -> single('\t');
      case 'f' -> single('\f');
      case 'v' -> single(0x0B);
      case 'a' -> single(0x07);
      case 'e' -> single(0x1B);
      case 's' -> copy("onigSpace");
      case 'S' -> not(copy("onigSpace"));
      case 'd' -> copy("onigDigit");
      case 'D' -> not(copy("onigDigit"));
      case 'w' -> copy("onigWord");
      case 'W' -> not(copy("onigWord"));
      case 'p' -> property(false);
      case 'P' -> property(true);
      case 'u' -> single(hex(4));
      case 'x' -> {
        if (!accept("{")) {
          yield single(hex(2));
        }
        int close = pattern.indexOf('}', at);
        int value = hex(close - at);
        expect("}");
        yield single(value);
      }
      default -> {
        if (c < 0x80 && Character.isLetterOrDigit(c)) {
          throw unknown();
        }
        yield single(c);
      }
    };
  }

  private int hex(int digits) {
    if (digits < 1 || digits > 6 || at + digits > pattern.length()) {
      throw unknown();
    }
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = Character.digit(pattern.charAt(at++), 16);
      if (digit < 0) {
        throw unknown();
      }
      value = value << 4 | digit;
    }
    if (value > Character.MAX_CODE_POINT) {
      throw unknown();
    }
    return value;
  }

  private BitSet property(boolean negated) {
    expect("{");
    boolean not = accept("^") != negated;
    int close = pattern.indexOf('}', at);
    if (close < 0) {
      throw unknown();
    }
    String name = pattern.substring(at, close);
    at = close + 1;
    BitSet known = Categories.named(name);
    BitSet set = known == null ? script(name) : (BitSet) known.clone();
    return not ? not(set) : set;
  }

  private BitSet script(String name) {
    Character.UnicodeScript script;
    try {
      script = Character.UnicodeScript.forName(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw unknown();
    }
    BitSet set = new BitSet();
    for (int c = 0; c < CodePointTable.LIMIT; c++) {
      if (Character.UnicodeScript.of(c) == script) {
        set.set(c);
      }
    }
    return set;
  }

  private static BitSet copy(String name) {
    return (BitSet) Categories.set(name).clone();
  }

  private static BitSet single(int c) {
    BitSet set = new BitSet();
    set.set(c);
    return set;
  }

  private static BitSet not(BitSet set) {
    BitSet other = (BitSet) set.clone();
    other.flip(0, CodePointTable.LIMIT);
    return other;
  }

  /** With the other case of each letter, where case is not looked at. */
  private BitSet folded(BitSet set) {
    if (!ignoreCase || set.cardinality() > 1000) {
      return set;
    }
    BitSet wide = (BitSet) set.clone();
    BitSet folds = new BitSet();
    set.stream().forEach(c -> folds.set(fold(c)));
    for (int c = 0; c < CodePointTable.LIMIT; c++) {
      if (folds.get(fold(c))) {
        wide.set(c);
      }
    }
    return wide;
  }

  private static int fold(int c) {
    return Character.toLowerCase(Character.toUpperCase(c));
  }

  private int codePoint() {
    if (at >= pattern.length()) {
      throw unknown();
    }
    int c = pattern.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  private char peek() {
    if (at >= pattern.length()) {
      throw unknown();
    }
    return pattern.charAt(at);
  }

  private boolean accept(String text) {
    if (!pattern.startsWith(text, at)) {
      return false;
    }
    at += text.length();
    return true;
  }

  private void expect(String text) {
    if (!accept(text)) {
      throw unknown();
    }
  }

  private ModelException unknown() {
    return new ModelException(
        "the regular expression %s is not understood from position %d".formatted(pattern, at));
  }
}
