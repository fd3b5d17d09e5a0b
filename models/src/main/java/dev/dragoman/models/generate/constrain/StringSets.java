package dev.dragoman.models.generate.constrain;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sets of strings, as sets of their UTF-8 forms. */
final class StringSets {
  static final int LONGEST = 4096;

  private final DfaAlgebra sets;
  private final Map<String, ByteDfa> patterns = new HashMap<>();

  /** All strings. */
  final ByteDfa any;

  StringSets(DfaAlgebra sets) {
    this.sets = sets;
    any = RegexCompiler.whole(RegexParser.parse("(?s).*", RegexParser.Dialect.JAVA), sets.budget());
  }

  /** Strings in which the ECMA-262 expression matches somewhere. */
  ByteDfa pattern(String regex) {
    return patterns.computeIfAbsent(
        regex,
        r -> RegexCompiler.anywhere(RegexParser.parse(r, RegexParser.Dialect.ECMA), sets.budget()));
  }

  /** Strings that match the expression as a whole. */
  ByteDfa whole(String regex) {
    return patterns.computeIfAbsent(
        "whole " + regex,
        r ->
            RegexCompiler.whole(RegexParser.parse(regex, RegexParser.Dialect.JAVA), sets.budget()));
  }

  /** Strings of so many characters; max may be {@link RegexNode#UNBOUNDED}. */
  ByteDfa ofLength(int min, int max) {
    int width = any.size();
    int last = max == RegexNode.UNBOUNDED ? min : max;
    int[] classOf = new int[256];
    Arrays.setAll(classOf, any::classOf);
    int[] next = new int[(last + 1) * width * any.classes()];
    BitSet accepts = new BitSet();
    for (int count = 0; count <= last; count++) {
      accepts.set(count * width, count >= min);
      for (int s = 0; s < width; s++) {
        for (int c = 0; c < any.classes(); c++) {
          int to = any.nextOfClass(s, c);
          int after = to == 0 ? count + 1 : count;
          if (after > last) {
            after = max == RegexNode.UNBOUNDED ? last : -1;
          }
          next[(count * width + s) * any.classes() + c] =
              to < 0 || after < 0 ? ByteDfa.NONE : after * width + to;
        }
      }
    }
    return DfaMinimizer.minimize(classOf, any.classes(), next, accepts, sets.budget());
  }

  /**
   * How many texts lead from each state to acceptance; {@link Integer#MAX_VALUE} where there are
   * more than two billion or no end of them.
   */
  static int[] counts(ByteDfa dfa) {
    int n = dfa.size();
    int[] open = new int[n];
    List<List<Integer>> sources = new ArrayList<>();
    for (int s = 0; s < n; s++) {
      sources.add(new ArrayList<>());
    }
    for (int s = 0; s < n; s++) {
      for (int c = 0; c < dfa.classes(); c++) {
        int to = dfa.nextOfClass(s, c);
        if (to >= 0) {
          open[s]++;
          sources.get(to).add(s);
        }
      }
    }
    int[] width = new int[dfa.classes()];
    for (int b = 0; b < 256; b++) {
      width[dfa.classOf(b)]++;
    }
    int[] counts = new int[n];
    Arrays.fill(counts, Integer.MAX_VALUE);
    int[] queue = new int[n];
    int tail = 0;
    for (int s = 0; s < n; s++) {
      if (open[s] == 0) {
        queue[tail++] = s;
      }
    }
    for (int head = 0; head < tail; head++) {
      int state = queue[head];
      BigInteger sum = dfa.accepts(state) ? BigInteger.ONE : BigInteger.ZERO;
      for (int c = 0; c < dfa.classes(); c++) {
        int to = dfa.nextOfClass(state, c);
        if (to >= 0) {
          sum = sum.add(BigInteger.valueOf((long) counts[to] * width[c]));
        }
      }
      counts[state] = sum.min(BigInteger.valueOf(Integer.MAX_VALUE)).intValue();
      for (int source : sources.get(state)) {
        if (--open[source] == 0) {
          queue[tail++] = source;
        }
      }
    }
    return counts;
  }

  /** All texts of a set with at most so many, in the order of their bytes; else null. */
  @Nullable List<byte[]> list(ByteDfa dfa, int most) {
    if (dfa.size() > 2000 || counts(dfa)[0] > most) {
      return null;
    }
    List<byte[]> texts = new ArrayList<>();
    list(dfa, 0, new byte[16], 0, texts);
    return texts;
  }

  private static void list(ByteDfa dfa, int state, byte[] prefix, int length, List<byte[]> texts) {
    if (dfa.accepts(state)) {
      texts.add(Arrays.copyOf(prefix, length));
    }
    for (int b = 0; b < 256; b++) {
      int to = dfa.next(state, b);
      if (to >= 0) {
        byte[] longer = length < prefix.length ? prefix : Arrays.copyOf(prefix, length * 2);
        longer[length] = (byte) b;
        list(dfa, to, longer, length + 1, texts);
      }
    }
  }
}
