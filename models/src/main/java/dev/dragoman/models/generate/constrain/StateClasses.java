package dev.dragoman.models.generate.constrain;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Puts states together that no text up to a length tells apart, so that they share their masks: all
 * counts of a long string that is far from its end, for one. Moore's refinement, stopped after as
 * many rounds as the longest token has bytes.
 */
final class StateClasses {
  private static final long MOST_WORK = 20_000_000;

  private StateClasses() {}

  private record Signature(int[] content) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Signature that && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(content);
    }
  }

  /** The class of each state, from 1. */
  static int[] alike(Automaton automaton, BitSet live, int length) {
    int n = automaton.size();
    int[] classOf = new int[n];
    Map<Integer, Integer> labels = new HashMap<>();
    for (int s = 0; s < n; s++) {
      int flags =
          (automaton.isFinal(s) ? 1 : 0)
              | (automaton.opensWord(s) ? 2 : 0)
              | (live.get(s) ? 4 : 0)
              | (automaton.wordOf(s) + 1) << 3;
      classOf[s] = labels.computeIfAbsent(flags, f -> labels.size() + 1);
    }
    int count = labels.size();
    long work = 0;
    for (int round = 0; round < length; round++) {
      work += n;
      if (work > MOST_WORK) {
        Arrays.setAll(classOf, s -> s + 1);
        return classOf;
      }
      Map<Signature, Integer> numbers = new HashMap<>();
      int[] refined = new int[n];
      for (int s = 0; s < n; s++) {
        Signature signature = signature(automaton, s, classOf);
        Integer known = numbers.putIfAbsent(signature, numbers.size() + 1);
        refined[s] = known == null ? numbers.size() : known;
      }
      classOf = refined;
      if (numbers.size() == count) {
        return classOf;
      }
      count = numbers.size();
    }
    return classOf;
  }

  private static Signature signature(Automaton automaton, int state, int[] classOf) {
    int ranges = automaton.endOfRanges(state) - automaton.firstRange(state);
    int calls = automaton.endOfCalls(state) - automaton.firstCall(state);
    int[] content = new int[1 + 2 * ranges + 2 * calls];
    int n = 0;
    content[n++] = classOf[state];
    for (int i = automaton.firstRange(state); i < automaton.endOfRanges(state); i++) {
      int target = classOf[automaton.target(i)];
      boolean joins =
          n > 1 && content[n - 1] == target && (content[n - 2] >> 8 & 0xFF) + 1 == automaton.lo(i);
      if (joins) {
        content[n - 2] = content[n - 2] & ~0xFF00 | automaton.hi(i) << 8;
      } else {
        content[n++] = automaton.lo(i) | automaton.hi(i) << 8 | 1 << 16;
        content[n++] = target;
      }
    }
    for (int i = automaton.firstCall(state); i < automaton.endOfCalls(state); i++) {
      content[n++] = ~automaton.calledRule(i);
      content[n++] = classOf[automaton.returnsTo(i)];
    }
    return new Signature(Arrays.copyOf(content, n));
  }
}
