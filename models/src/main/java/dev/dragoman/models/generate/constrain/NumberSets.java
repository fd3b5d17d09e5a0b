package dev.dragoman.models.generate.constrain;

import dev.dragoman.models.ModelException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.BitSet;

/**
 * Sets of JSON numbers as sets of their decimal texts. Among texts without an exponent every set
 * here is exact; texts with an exponent are only in {@link #any}.
 */
final class NumberSets {
  private static final int LONGEST = 400;
  private static final int LARGEST_FACTOR = 10_000;
  private static final String PLAIN = "(0|[1-9][0-9]*)(\\.[0-9]+)?";

  private final DfaAlgebra sets;
  private final ByteDfa magnitudes;

  /** All decimals without an exponent. */
  final ByteDfa plain;

  /** All numbers; with an exponent of at most two digits. */
  final ByteDfa any;

  /** Those with the value of an integer, 1.0 among them. */
  final ByteDfa integers;

  /** Integers as they are usually written. */
  final ByteDfa plainIntegers;

  /** The ways to write zero with a sign. */
  final ByteDfa minusZero;

  NumberSets(DfaAlgebra sets) {
    this.sets = sets;
    magnitudes = regex(PLAIN);
    plain = regex("-?" + PLAIN);
    any = regex("-?" + PLAIN + "([eE][+-]?[0-9]{1,2})?");
    integers = regex("-?(0|[1-9][0-9]*)(\\.0+)?");
    plainIntegers = regex("-?(0|[1-9][0-9]*)");
    minusZero = regex("-0(\\.0*)?([eE].*)?");
  }

  private ByteDfa regex(String regex) {
    return RegexCompiler.whole(RegexParser.parse(regex, RegexParser.Dialect.JAVA), sets.budget());
  }

  /** Numbers not below the value, or above it. */
  ByteDfa atLeast(BigDecimal value, boolean orEqual) {
    BigDecimal magnitude = value.abs();
    if (value.signum() > 0 || value.signum() == 0 && !orEqual) {
      return larger(magnitude, orEqual);
    }
    ByteDfa negative = sets.difference(magnitudes, larger(magnitude, !orEqual));
    return sets.union(magnitudes, sets.after('-', negative));
  }

  /** Numbers not above the value, or below it. */
  ByteDfa atMost(BigDecimal value, boolean orEqual) {
    return sets.difference(plain, atLeast(value, !orEqual));
  }

  ByteDfa equalTo(BigDecimal value) {
    return sets.intersection(atLeast(value, true), atMost(value, true));
  }

  /** Numbers without a sign that are larger than the value, or equal to it. */
  private ByteDfa larger(BigDecimal value, boolean orEqual) {
    String text = digits(value);
    int dot = text.indexOf('.');
    String whole = dot < 0 ? text : text.substring(0, dot);
    String fraction = dot < 0 ? "" : text.substring(dot + 1);
    Nfa nfa = new Nfa(sets.budget());
    int fractionStart = nfa.state();
    int anyFraction = nfa.state();
    nfa.range(fractionStart, '0', '9', anyFraction);
    nfa.range(anyFraction, '0', '9', anyFraction);
    nfa.accept(anyFraction);
    int n = whole.length();
    int[] rest = new int[n + 1];
    for (int i = 0; i <= n; i++) {
      rest[i] = nfa.state();
    }
    nfa.accept(rest[0]);
    nfa.range(rest[0], '.', '.', fractionStart);
    for (int i = 1; i <= n; i++) {
      nfa.range(rest[i], '0', '9', rest[i - 1]);
    }
    int longer = nfa.state();
    nfa.range(0, '1', '9', longer);
    for (int i = 1; i <= n; i++) {
      int to = nfa.state();
      nfa.range(longer, '0', '9', to);
      longer = to;
    }
    nfa.range(longer, '0', '9', longer);
    nfa.accept(longer);
    nfa.range(longer, '.', '.', fractionStart);
    int equal = 0;
    for (int i = 0; i < n; i++) {
      char digit = whole.charAt(i);
      if (digit < '9') {
        nfa.range(equal, digit + 1, '9', rest[n - 1 - i]);
      }
      int to = nfa.state();
      nfa.range(equal, digit, digit, to);
      equal = to;
    }
    if (orEqual && fraction.isEmpty()) {
      nfa.accept(equal);
    }
    addFraction(nfa, equal, fraction, orEqual, anyFraction);
    return sets.intersection(nfa.determinize(), magnitudes);
  }

  private static void addFraction(
      Nfa nfa, int from, String fraction, boolean orEqual, int anyFraction) {
    int equal = nfa.state();
    nfa.range(from, '.', '.', equal);
    for (char digit : fraction.toCharArray()) {
      if (digit < '9') {
        nfa.range(equal, digit + 1, '9', anyFraction);
      }
      int to = nfa.state();
      nfa.range(equal, digit, digit, to);
      equal = to;
    }
    int zeros = nfa.state();
    nfa.range(equal, '0', '0', zeros);
    nfa.range(equal, '1', '9', anyFraction);
    nfa.range(zeros, '0', '0', zeros);
    nfa.range(zeros, '1', '9', anyFraction);
    if (orEqual) {
      nfa.accept(zeros);
      if (!fraction.isEmpty()) {
        nfa.accept(equal);
      }
    }
  }

  private static String digits(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    if (Math.abs((long) stripped.scale()) + stripped.precision() > LONGEST) {
      throw new ModelException(
          "A number with more than %d digits, %s, cannot be a bound"
              .formatted(LONGEST, stripped.round(new java.math.MathContext(5))));
    }
    return stripped.toPlainString();
  }

  /**
   * The multiples of a factor above 0.
   *
   * @throws ModelException where the factor's digits, taken as an integer, are above 10,000
   */
  ByteDfa multiplesOf(BigDecimal factor) {
    digits(factor);
    BigDecimal stripped = factor.stripTrailingZeros();
    int decimals = Math.max(0, stripped.scale());
    BigInteger unscaled = stripped.movePointRight(decimals).toBigIntegerExact();
    if (unscaled.compareTo(BigInteger.valueOf(LARGEST_FACTOR)) > 0) {
      throw new ModelException(
          "multipleOf %s has digits above %,d, which is not supported"
              .formatted(factor, LARGEST_FACTOR));
    }
    int m = unscaled.intValueExact();
    int phases = decimals + 2;
    Budget.limit("states of a finite automaton", (long) m * phases + 1, Budget.DFA_STATES);
    int[] classOf = classes();
    int[] next = new int[(m * phases + 1) * 13];
    java.util.Arrays.fill(next, ByteDfa.NONE);
    BitSet accepts = new BitSet();
    for (int phase = 0; phase < phases; phase++) {
      long scale = 1;
      for (int i = Math.max(0, phase - 1); i < decimals; i++) {
        scale = scale * 10 % m;
      }
      for (int r = 0; r < m; r++) {
        int row = (m * phase + r) * 13;
        accepts.set(m * phase + r, r * scale % m == 0);
        boolean last = phase == phases - 1;
        for (int d = 0; d < 10; d++) {
          if (last) {
            next[row + d] = d == 0 ? m * phase + r : ByteDfa.NONE;
          } else {
            next[row + d] = m * (phase == 0 ? 0 : phase + 1) + (r * 10 + d) % m;
          }
        }
        if (phase == 0) {
          next[row + 10] = m + r;
        }
        if (phase == 0 && r == 0) {
          next[row + 11] = 0;
        }
      }
    }
    ByteDfa multiples = DfaMinimizer.minimize(classOf, 13, next, accepts, sets.budget());
    return sets.intersection(multiples, plain);
  }

  /** Digits are 0 to 9, then the point, the sign, and everything else. */
  private static int[] classes() {
    int[] classOf = new int[256];
    java.util.Arrays.fill(classOf, 12);
    for (int d = 0; d < 10; d++) {
      classOf['0' + d] = d;
    }
    classOf['.'] = 10;
    classOf['-'] = 11;
    return classOf;
  }

  /** The set as it is written out: integers without a fraction, zero without a sign. */
  ByteDfa written(ByteDfa numbers) {
    ByteDfa unsigned = sets.difference(numbers, minusZero);
    return sets.contains(integers, unsigned)
        ? sets.intersection(unsigned, plainIntegers)
        : unsigned;
  }
}
