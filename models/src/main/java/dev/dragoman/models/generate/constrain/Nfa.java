package dev.dragoman.models.generate.constrain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A nondeterministic automaton over bytes under construction. State 0 is the start. Besides byte
 * ranges there are empty moves, and empty moves that hold only at the start or at the end of the
 * text.
 */
final class Nfa {
  private static final int EMPTY = 0;
  private static final int AT_START = 1;
  private static final int AT_END = 2;

  private final Budget budget;
  private final List<int[]> ranges = new ArrayList<>();
  private final List<int[]> moves = new ArrayList<>();
  private final BitSet accepting = new BitSet();
  private int edges;

  Nfa(Budget budget) {
    this.budget = budget;
    state();
  }

  int state() {
    Budget.limit("states of a nondeterministic automaton", ranges.size(), Budget.NFA_EDGES);
    ranges.add(new int[0]);
    moves.add(new int[0]);
    return ranges.size() - 1;
  }

  void accept(int state) {
    accepting.set(state);
  }

  /** A move from one state to another on any byte from lo to hi. */
  void range(int from, int lo, int hi, int to) {
    countEdge();
    ranges.set(from, append(ranges.get(from), lo, hi, to));
  }

  void empty(int from, int to) {
    move(from, EMPTY, to);
  }

  void atStart(int from, int to) {
    move(from, AT_START, to);
  }

  void atEnd(int from, int to) {
    move(from, AT_END, to);
  }

  private void move(int from, int kind, int to) {
    countEdge();
    moves.set(from, append(moves.get(from), kind, to));
  }

  private void countEdge() {
    Budget.limit("moves of a nondeterministic automaton", ++edges, Budget.NFA_EDGES);
  }

  private static int[] append(int[] list, int... more) {
    int[] longer = Arrays.copyOf(list, list.length + more.length);
    System.arraycopy(more, 0, longer, list.length, more.length);
    return longer;
  }

  private record Subset(int[] states) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Subset that && Arrays.equals(states, that.states);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(states);
    }
  }

  /** The minimal deterministic automaton of the same language. */
  ByteDfa determinize() {
    int[] classOf = new int[256];
    int classes = byteClasses(classOf);
    Map<Subset, Integer> numbers = new HashMap<>();
    List<Subset> subsets = new ArrayList<>();
    Subset first = closure(new int[] {0}, true, false);
    numbers.put(first, 0);
    subsets.add(first);
    int[] next = new int[classes * 64];
    BitSet accepts = new BitSet();
    for (int s = 0; s < subsets.size(); s++) {
      if (next.length < (s + 1) * classes) {
        next = Arrays.copyOf(next, next.length * 2);
      }
      Subset subset = subsets.get(s);
      accepts.set(s, acceptsAtEnd(subset, s == 0));
      BitSet[] targets = targets(subset, classOf, classes);
      for (int c = 0; c < classes; c++) {
        int to = ByteDfa.NONE;
        if (!targets[c].isEmpty()) {
          Subset reached = closure(targets[c].stream().toArray(), false, false);
          Integer known = numbers.putIfAbsent(reached, subsets.size());
          if (known == null) {
            to = subsets.size();
            subsets.add(reached);
            Budget.limit("states of a finite automaton", subsets.size(), Budget.DFA_STATES);
          } else {
            to = known;
          }
        }
        next[s * classes + c] = to;
      }
    }
    int[] table = Arrays.copyOf(next, subsets.size() * classes);
    return DfaMinimizer.minimize(classOf, classes, table, accepts, budget);
  }

  /** The states reached on each byte class. */
  private BitSet[] targets(Subset subset, int[] classOf, int classes) {
    BitSet[] targets = new BitSet[classes];
    Arrays.setAll(targets, c -> new BitSet());
    budget.spend(classes);
    for (int state : subset.states()) {
      int[] list = ranges.get(state);
      for (int i = 0; i < list.length; i += 3) {
        int from = classOf[list[i]];
        int to = classOf[list[i + 1]];
        budget.spend(1 + to - from);
        for (int c = from; c <= to; c++) {
          targets[c].set(list[i + 2]);
        }
      }
    }
    return targets;
  }

  /** Whether the subset accepts where the text ends here. */
  private boolean acceptsAtEnd(Subset subset, boolean atStart) {
    for (int state : closure(subset.states(), atStart, true).states()) {
      if (accepting.get(state)) {
        return true;
      }
    }
    return false;
  }

  private Subset closure(int[] states, boolean atStart, boolean atEnd) {
    BitSet seen = new BitSet();
    int[] queue = Arrays.copyOf(states, Math.max(8, states.length));
    int tail = states.length;
    for (int state : states) {
      seen.set(state);
    }
    for (int head = 0; head < tail; head++) {
      int[] list = moves.get(queue[head]);
      budget.spend(1 + list.length);
      for (int i = 0; i < list.length; i += 2) {
        boolean open = list[i] == EMPTY || (list[i] == AT_START ? atStart : atEnd);
        if (open && !seen.get(list[i + 1])) {
          seen.set(list[i + 1]);
          if (tail == queue.length) {
            queue = Arrays.copyOf(queue, tail * 2);
          }
          queue[tail++] = list[i + 1];
        }
      }
    }
    return new Subset(seen.stream().toArray());
  }

  /** Numbers the classes of bytes that no move tells apart, in the order of the bytes. */
  private int byteClasses(int[] classOf) {
    boolean[] border = new boolean[257];
    for (int[] list : ranges) {
      for (int i = 0; i < list.length; i += 3) {
        border[list[i]] = true;
        border[list[i + 1] + 1] = true;
      }
    }
    int count = 0;
    for (int b = 0; b < 256; b++) {
      if (b > 0 && border[b]) {
        count++;
      }
      classOf[b] = count;
    }
    return count + 1;
  }
}
