package dev.dragoman.models.tokenizer;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.tokenizer.RegexNode.Greed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * A regular expression over code points, run by backtracking on a stack of its own. The JDK's knows
 * other classes of characters, and those it takes from the JDK's version of Unicode.
 */
final class Regex implements Delimiter {
  static final int ONE = 0;
  static final int FORK = 1;
  static final int JUMP = 2;
  static final int RUN = 3;
  static final int LOOK = 4;
  static final int LOOK_BEHIND = 5;
  static final int ATOMIC = 6;
  static final int LINE = 7;
  static final int MATCH = 8;

  private static final int WIDTH = 4;
  private static final int MAX_SIZE = 40_000;

  private final String pattern;
  private final List<BitSet> sets = new ArrayList<>();
  private int[] code = new int[64];
  private int size;

  private Regex(String pattern) {
    this.pattern = pattern;
  }

  /**
   * Makes one ready to run.
   *
   * @throws ModelException if it is not understood
   */
  static Regex of(String pattern) {
    Regex regex = new Regex(pattern);
    regex.emit(RegexParser.parse(pattern));
    regex.add(MATCH, 0, 0, 0);
    return regex;
  }

  /** The instruction that starts here; its three numbers follow it. */
  int code(int at) {
    return code[at];
  }

  BitSet set(int index) {
    return sets.get(index);
  }

  String pattern() {
    return pattern;
  }

  @Override
  public Finder finder() {
    return new RegexFinder(this);
  }

  private int add(int what, int a, int b, int c) {
    if (size + WIDTH > MAX_SIZE) {
      throw new ModelException("the regular expression " + pattern + " is too large");
    }
    if (size + WIDTH > code.length) {
      code = Arrays.copyOf(code, 2 * code.length);
    }
    code[size] = what;
    code[size + 1] = a;
    code[size + 2] = b;
    code[size + 3] = c;
    size += WIDTH;
    return size - WIDTH;
  }

  private int index(BitSet set) {
    int known = sets.indexOf(set);
    if (known >= 0) {
      return known;
    }
    sets.add(set);
    return sets.size() - 1;
  }

  private void emit(RegexNode node) {
    switch (node) {
      case RegexNode.OneOf(BitSet set) -> add(ONE, index(set), 0, 0);
      case RegexNode.Chain(List<RegexNode> parts) -> parts.forEach(this::emit);
      case RegexNode.Choice(List<RegexNode> options) -> choice(options);
      case RegexNode.Repeat repeat -> repeat(repeat);
      case RegexNode.Look look -> {
        boolean behind = look.behind();
        int start = add(behind ? LOOK_BEHIND : LOOK, 0, look.negative() ? 1 : 0, 0);
        emit(look.body());
        add(MATCH, 0, 0, 0);
        code[start + 1] = size;
      }
      case RegexNode.Atomic(RegexNode body) -> atomic(body);
      case RegexNode.Line(boolean start) -> add(LINE, start ? 1 : 0, 0, 0);
    }
  }

  private void atomic(RegexNode body) {
    int start = add(ATOMIC, 0, 0, 0);
    emit(body);
    add(MATCH, 0, 0, 0);
    code[start + 1] = size;
  }

  private void choice(List<RegexNode> options) {
    List<Integer> ends = new ArrayList<>();
    for (int i = 0; i < options.size(); i++) {
      if (i + 1 < options.size()) {
        int fork = add(FORK, 0, 0, 0);
        code[fork + 1] = size;
        emit(options.get(i));
        ends.add(add(JUMP, 0, 0, 0));
        code[fork + 2] = size;
      } else {
        emit(options.get(i));
      }
    }
    ends.forEach(end -> code[end + 1] = size);
  }

  private void repeat(RegexNode.Repeat repeat) {
    if (repeat.greed() == Greed.POSSESSIVE) {
      atomic(new RegexNode.Repeat(repeat.body(), repeat.min(), repeat.max(), Greed.GREEDY));
      return;
    }
    if (repeat.body() instanceof RegexNode.OneOf(BitSet set) && repeat.greed() == Greed.GREEDY) {
      add(RUN, index(set), repeat.min(), repeat.max());
      return;
    }
    for (int i = 0; i < repeat.min(); i++) {
      emit(repeat.body());
    }
    if (repeat.max() == Integer.MAX_VALUE) {
      int fork = add(FORK, 0, 0, 0);
      int body = size;
      emit(repeat.body());
      add(JUMP, fork, 0, 0);
      aim(fork, body, repeat.greed());
      return;
    }
    List<Integer> forks = new ArrayList<>();
    for (int i = repeat.min(); i < repeat.max(); i++) {
      forks.add(add(FORK, size + WIDTH, 0, 0));
      emit(repeat.body());
    }
    forks.forEach(fork -> aim(fork, fork + WIDTH, repeat.greed()));
  }

  /** A fork tries the first way before the second. */
  private void aim(int fork, int body, Greed greed) {
    boolean lazy = greed == Greed.LAZY;
    code[fork + 1] = lazy ? size : body;
    code[fork + 2] = lazy ? body : size;
  }
}
