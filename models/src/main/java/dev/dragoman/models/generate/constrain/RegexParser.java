package dev.dragoman.models.generate.constrain;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.generate.constrain.RegexNode.Chars;
import dev.dragoman.models.generate.constrain.RegexNode.Choice;
import dev.dragoman.models.generate.constrain.RegexNode.End;
import dev.dragoman.models.generate.constrain.RegexNode.Repeat;
import dev.dragoman.models.generate.constrain.RegexNode.Sequence;
import dev.dragoman.models.generate.constrain.RegexNode.Start;
import java.util.ArrayList;
import java.util.List;

/** Reads a regular expression. What is not regular, or not known here, is refused by name. */
final class RegexParser {
  /** Whose meaning the expression has. */
  enum Dialect {
    /** {@code java.util.regex} without flags. */
    JAVA,
    /** ECMA-262 with flag {@code u}, as JSON Schema has it. */
    ECMA
  }

  private static final int LONGEST = 20_000;
  private static final int DEEPEST = 100;
  private static final int MOST_REPEATS = 4096;

  private final String text;
  private final Dialect dialect;
  private final RegexEscapes escapes;
  private int at;
  private int depth;
  private boolean foldCase;
  private boolean dotAll;

  private RegexParser(String text, Dialect dialect) {
    this.text = text;
    this.dialect = dialect;
    this.escapes = new RegexEscapes(this, dialect);
  }

  static RegexNode parse(String text, Dialect dialect) {
    Budget.limit("characters in a regular expression", text.length(), LONGEST);
    RegexParser parser = new RegexParser(text, dialect);
    RegexNode regex = parser.choice();
    if (parser.more()) {
      throw parser.refused("an unmatched )");
    }
    return regex;
  }

  ModelException refused(String what) {
    return new ModelException(
        "The regular expression %s has %s near position %d, which is not supported"
            .formatted(quoted(), what, at));
  }

  private String quoted() {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }

  boolean more() {
    return at < text.length();
  }

  boolean sees(String expected) {
    return text.startsWith(expected, at);
  }

  boolean takes(String expected) {
    boolean seen = sees(expected);
    at += seen ? expected.length() : 0;
    return seen;
  }

  int take() {
    if (!more()) {
      throw refused("an early end");
    }
    int c = text.codePointAt(at);
    if (c >= 0xD800 && c <= 0xDFFF) {
      throw refused("half a character");
    }
    at += Character.charCount(c);
    return c;
  }

  String takeUntil(char end) {
    int to = text.indexOf(end, at);
    if (to < 0) {
      throw refused("no " + end);
    }
    String taken = text.substring(at, to);
    at = to + 1;
    return taken;
  }

  String takeCount(int count) {
    if (at + count > text.length()) {
      throw refused("an early end");
    }
    at += count;
    return text.substring(at - count, at);
  }

  private RegexNode choice() {
    if (++depth > DEEPEST) {
      throw refused("groups nested more than %d deep".formatted(DEEPEST));
    }
    boolean fold = foldCase;
    boolean all = dotAll;
    List<RegexNode> branches = new ArrayList<>();
    do {
      branches.add(sequence());
    } while (takes("|"));
    foldCase = fold;
    dotAll = all;
    depth--;
    return branches.size() == 1 ? branches.getFirst() : new Choice(branches);
  }

  private RegexNode sequence() {
    List<RegexNode> parts = new ArrayList<>();
    while (more() && !sees("|") && !sees(")")) {
      RegexNode atom = atom();
      parts.add(quantified(atom));
    }
    return parts.size() == 1 ? parts.getFirst() : new Sequence(parts);
  }

  private RegexNode atom() {
    if (takes("(")) {
      return group();
    }
    if (takes("[")) {
      return chars(escapes.bracket());
    }
    if (takes(".")) {
      return chars(dotAll ? RuneSet.ALL : escapes.dot());
    }
    if (takes("^")) {
      return new Start();
    }
    if (takes("$")) {
      return new End();
    }
    if (sees("*") || sees("+") || sees("?") || sees("{")) {
      throw refused("a quantifier with nothing before it");
    }
    if (takes("\\")) {
      if (dialect == Dialect.JAVA && takes("A")) {
        return new Start();
      }
      if (dialect == Dialect.JAVA && takes("z")) {
        return new End();
      }
      return chars(escapes.escape(false));
    }
    int c = take();
    return chars(RuneSet.of(c, c));
  }

  private Chars chars(RuneSet set) {
    return new Chars(foldCase ? set.foldAscii() : set);
  }

  private RegexNode group() {
    if (sees("?=") || sees("?!") || sees("?<=") || sees("?<!")) {
      throw refused("lookaround");
    }
    if (sees("?>")) {
      throw refused("an atomic group");
    }
    if (takes("?<")) {
      takeUntil('>');
    } else if (takes("?")) {
      String flags = flags();
      if (takes(")")) {
        apply(flags);
        return new Sequence(List.of());
      }
      if (!takes(":")) {
        throw refused("an unknown kind of group");
      }
      boolean fold = foldCase;
      boolean all = dotAll;
      apply(flags);
      RegexNode body = closed();
      foldCase = fold;
      dotAll = all;
      return body;
    }
    return closed();
  }

  private RegexNode closed() {
    RegexNode body = choice();
    if (!takes(")")) {
      throw refused("an unclosed group");
    }
    return body;
  }

  private String flags() {
    int from = at;
    while (more() && "is-".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String flags = text.substring(from, at);
    if (!flags.isEmpty() && dialect == Dialect.ECMA || !sees(":") && !sees(")")) {
      throw refused("a flag");
    }
    return flags;
  }

  private void apply(String flags) {
    boolean on = true;
    for (char flag : flags.toCharArray()) {
      switch (flag) {
        case '-' -> on = false;
        case 'i' -> foldCase = on;
        default -> dotAll = on;
      }
    }
  }

  private RegexNode quantified(RegexNode atom) {
    int min;
    int max;
    if (takes("*")) {
      min = 0;
      max = RegexNode.UNBOUNDED;
    } else if (takes("+")) {
      min = 1;
      max = RegexNode.UNBOUNDED;
    } else if (takes("?")) {
      min = 0;
      max = 1;
    } else if (takes("{")) {
      min = number();
      max = min;
      if (takes(",")) {
        max = sees("}") ? RegexNode.UNBOUNDED : number();
      }
      if (!takes("}") || max < min) {
        throw refused("a quantifier that cannot be read");
      }
    } else {
      return atom;
    }
    if (takes("+")) {
      throw refused("a possessive quantifier");
    }
    takes("?");
    if (sees("*") || sees("+") || sees("?") || sees("{")) {
      throw refused("a quantifier after a quantifier");
    }
    if (atom instanceof Start || atom instanceof End) {
      throw refused("a quantifier after an anchor");
    }
    return new Repeat(atom, min, max);
  }

  private int number() {
    int from = at;
    while (more() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (from == at) {
      throw refused("a quantifier that cannot be read");
    }
    if (at - from > 5 || Integer.parseInt(text.substring(from, at)) > MOST_REPEATS) {
      throw refused("more than %d repeats".formatted(MOST_REPEATS));
    }
    return Integer.parseInt(text.substring(from, at));
  }
}
