package dev.dragoman.models.generate.constrain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An automaton under construction. */
final class AutomatonBuilder {
  private final List<State> states = new ArrayList<>();
  private final List<int[]> rules = new ArrayList<>();
  private int words;

  /** The moves of one state: from the low byte to {high byte, target}; calls as rule, return. */
  private static final class State {
    private final TreeMap<Integer, int[]> ranges = new TreeMap<>();
    private int[] calls = new int[0];
    private boolean isFinal;
    private boolean opens;
    private int word = Automaton.NONE;
  }

  int state() {
    Budget.limit("states", states.size() + 1L, Budget.AUTOMATON_STATES);
    states.add(new State());
    return states.size() - 1;
  }

  int size() {
    return states.size();
  }

  /** A move on each byte from lo to hi; ranges of a state must not overlap. */
  void edge(int from, int lo, int hi, int to) {
    states.get(from).ranges.put(lo, new int[] {hi, to});
  }

  void call(int from, int rule, int to) {
    State state = states.get(from);
    int n = state.calls.length;
    state.calls = Arrays.copyOf(state.calls, n + 2);
    state.calls[n] = rule;
    state.calls[n + 1] = to;
  }

  void makeFinal(int state) {
    states.get(state).isFinal = true;
  }

  /** Gives a state the moves and calls of another besides its own. */
  void include(int state, int other) {
    State from = states.get(other);
    states.get(state).ranges.putAll(from.ranges);
    for (int i = 0; i < from.calls.length; i += 2) {
      call(state, from.calls[i], from.calls[i + 1]);
    }
  }

  /** Whether a state has no moves and no calls yet. */
  boolean fresh(int state) {
    return states.get(state).ranges.isEmpty() && states.get(state).calls.length == 0;
  }

  int newWord() {
    return words++;
  }

  void inWord(int state, int word) {
    states.get(state).word = word;
  }

  void opensWord(int state) {
    states.get(state).opens = true;
  }

  int rule() {
    rules.add(new int[0]);
    return rules.size() - 1;
  }

  void entries(int rule, int[] entries) {
    rules.set(rule, entries);
  }

  /** The automaton without what cannot be finished, or null if nothing can be. */
  @Nullable Automaton build(int root) {
    BitSet live = new BitSet();
    BitSet productive = new BitSet();
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int s = states.size() - 1; s >= 0; s--) {
        if (!live.get(s) && isLive(states.get(s), live, productive)) {
          live.set(s);
          changed = true;
        }
      }
      for (int r = 0; r < rules.size(); r++) {
        if (!productive.get(r) && Arrays.stream(rules.get(r)).anyMatch(live::get)) {
          productive.set(r);
          changed = true;
        }
      }
    }
    return productive.get(root) ? pack(root, live, productive) : null;
  }

  private static boolean isLive(State state, BitSet live, BitSet productive) {
    if (state.isFinal) {
      return true;
    }
    for (int[] range : state.ranges.values()) {
      if (live.get(range[1])) {
        return true;
      }
    }
    for (int i = 0; i < state.calls.length; i += 2) {
      if (productive.get(state.calls[i]) && live.get(state.calls[i + 1])) {
        return true;
      }
    }
    return false;
  }

  private Automaton pack(int root, BitSet live, BitSet productive) {
    int[] numbers = new int[states.size()];
    int count = 0;
    for (int s = 0; s < states.size(); s++) {
      numbers[s] = live.get(s) ? count++ : Automaton.NONE;
    }
    int[] rangeStart = new int[count + 1];
    int[] callStart = new int[count + 1];
    IntList bounds = new IntList();
    IntList targets = new IntList();
    IntList callRules = new IntList();
    IntList callReturns = new IntList();
    BitSet finals = new BitSet();
    BitSet opening = new BitSet();
    int[] wordOf = new int[count];
    for (int s = live.nextSetBit(0); s >= 0; s = live.nextSetBit(s + 1)) {
      State state = states.get(s);
      int number = numbers[s];
      state.ranges.forEach((lo, range) -> {
        if (live.get(range[1])) {
          bounds.add(lo | range[0] << 8);
          targets.add(numbers[range[1]]);
        }
      });
      for (int i = 0; i < state.calls.length; i += 2) {
        if (productive.get(state.calls[i]) && live.get(state.calls[i + 1])) {
          callRules.add(state.calls[i]);
          callReturns.add(numbers[state.calls[i + 1]]);
        }
      }
      rangeStart[number + 1] = bounds.size();
      callStart[number + 1] = callRules.size();
      finals.set(number, state.isFinal);
      opening.set(number, state.opens);
      wordOf[number] = state.word;
    }
    int[][] entries = new int[rules.size()][];
    for (int r = 0; r < entries.length; r++) {
      entries[r] = Arrays.stream(rules.get(r)).filter(live::get).map(s -> numbers[s]).toArray();
    }
    return new Automaton(
        rangeStart,
        bounds.toArray(),
        targets.toArray(),
        callStart,
        callRules.toArray(),
        callReturns.toArray(),
        finals,
        wordOf,
        opening,
        entries,
        root);
  }
}
