package dev.dragoman.models.generate.constrain;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sets of byte strings, with the operations on sets. */
final class DfaAlgebra {
  private enum Operation {
    AND,
    OR,
    MINUS
  }

  private record Key(Operation operation, ByteDfa left, ByteDfa right) {}

  private final Budget budget;
  private final Map<Key, ByteDfa> known = new HashMap<>();

  DfaAlgebra(Budget budget) {
    this.budget = budget;
  }

  Budget budget() {
    return budget;
  }

  ByteDfa intersection(ByteDfa left, ByteDfa right) {
    return left.equals(right) ? left : combine(Operation.AND, left, right);
  }

  ByteDfa union(ByteDfa left, ByteDfa right) {
    if (left.isEmpty() || left.equals(right)) {
      return right;
    }
    return right.isEmpty() ? left : combine(Operation.OR, left, right);
  }

  ByteDfa difference(ByteDfa left, ByteDfa right) {
    return right.isEmpty() ? left : combine(Operation.MINUS, left, right);
  }

  boolean contains(ByteDfa all, ByteDfa part) {
    return difference(part, all).isEmpty();
  }

  ByteDfa empty() {
    return new Nfa(budget).determinize();
  }

  /** Exactly these texts. */
  ByteDfa literals(Collection<String> texts) {
    Nfa nfa = new Nfa(budget);
    for (String text : texts) {
      int state = 0;
      for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
        int to = nfa.state();
        nfa.range(state, b & 0xFF, b & 0xFF, to);
        state = to;
      }
      if (state == 0) {
        int end = nfa.state();
        nfa.empty(0, end);
        state = end;
      }
      nfa.accept(state);
    }
    return nfa.determinize();
  }

  /** The byte, then a text of the set. */
  ByteDfa after(char prefix, ByteDfa dfa) {
    Nfa nfa = new Nfa(budget);
    int first = copy(dfa, nfa);
    nfa.range(0, prefix, prefix, first);
    return nfa.determinize();
  }

  /** Adds the automaton to the other one and answers its start there. */
  private static int copy(ByteDfa dfa, Nfa nfa) {
    int first = nfa.state();
    for (int s = 1; s < dfa.size(); s++) {
      nfa.state();
    }
    for (int s = 0; s < dfa.size(); s++) {
      if (dfa.accepts(s)) {
        nfa.accept(first + s);
      }
      for (int b = 0; b < 256; b++) {
        int to = dfa.next(s, b);
        int lo = b;
        while (b < 255 && dfa.next(s, b + 1) == to) {
          b++;
        }
        if (to >= 0) {
          nfa.range(first + s, lo, b, first + to);
        }
      }
    }
    return first;
  }

  private ByteDfa combine(Operation operation, ByteDfa left, ByteDfa right) {
    Key key = new Key(operation, left, right);
    ByteDfa done = known.get(key);
    if (done == null) {
      done = product(operation, left, right);
      known.put(key, done);
    }
    return done;
  }

  private ByteDfa product(Operation operation, ByteDfa left, ByteDfa right) {
    int[] classOf = new int[256];
    Map<Integer, Integer> pairs = new HashMap<>();
    int[] representative = new int[256];
    for (int b = 0; b < 256; b++) {
      int pair = left.classOf(b) << 8 | right.classOf(b);
      Integer number = pairs.putIfAbsent(pair, pairs.size());
      if (number == null) {
        number = pairs.size() - 1;
        representative[number] = b;
      }
      classOf[b] = number;
    }
    int classes = pairs.size();
    Map<Long, Integer> numbers = new HashMap<>();
    List<Long> states = new ArrayList<>();
    states.add(0L);
    numbers.put(0L, 0);
    int[] next = new int[classes * 64];
    BitSet accepts = new BitSet();
    for (int s = 0; s < states.size(); s++) {
      if (next.length < (s + 1) * classes) {
        next = Arrays.copyOf(next, next.length * 2);
      }
      int l = (int) (states.get(s) >> 32);
      int r = (int) (long) states.get(s);
      accepts.set(s, accepts(operation, l >= 0 && left.accepts(l), r >= 0 && right.accepts(r)));
      budget.spend(2L * classes);
      for (int c = 0; c < classes; c++) {
        int toLeft = l < 0 ? ByteDfa.NONE : left.next(l, representative[c]);
        int toRight = r < 0 ? ByteDfa.NONE : right.next(r, representative[c]);
        next[s * classes + c] =
            lost(operation, toLeft, toRight)
                ? ByteDfa.NONE
                : number((long) toLeft << 32 | toRight & 0xFFFFFFFFL, numbers, states);
      }
    }
    int[] table = Arrays.copyOf(next, states.size() * classes);
    return DfaMinimizer.minimize(classOf, classes, table, accepts, budget);
  }

  private static int number(long pair, Map<Long, Integer> numbers, List<Long> states) {
    Integer known = numbers.putIfAbsent(pair, states.size());
    if (known != null) {
      return known;
    }
    states.add(pair);
    Budget.limit("states of a finite automaton", states.size(), 4L * Budget.DFA_STATES);
    return states.size() - 1;
  }

  private static boolean accepts(Operation operation, boolean left, boolean right) {
    return switch (operation) {
      case AND -> left && right;
      case OR -> left || right;
      case MINUS -> left && !right;
    };
  }

  private static boolean lost(Operation operation, int left, int right) {
    return switch (operation) {
      case AND -> left < 0 || right < 0;
      case OR -> left < 0 && right < 0;
      case MINUS -> left < 0;
    };
  }
}
