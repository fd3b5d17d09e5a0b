package dev.dragoman.models.generate.constrain;

import java.util.Arrays;
import java.util.BitSet;

/**
 * For each state the plain letters that may come, whichever they are, and how many of them: those
 * that go where an "a" goes, as long as they stay the same. Found when asked for.
 */
final class LetterRuns {
  private static final int UNKNOWN = -1;

  private final Automaton automaton;
  private final BitSet live;
  private final int[] lengths;
  private final long[] low;
  private final long[] high;

  LetterRuns(Automaton automaton, BitSet live) {
    this.automaton = automaton;
    this.live = live;
    this.lengths = new int[automaton.size()];
    this.low = new long[automaton.size()];
    this.high = new long[automaton.size()];
    Arrays.fill(lengths, UNKNOWN);
  }

  /** Whether the state can read all that is below a node of the trie, and go on after it. */
  boolean covers(int state, TokenTrie trie, int node) {
    if (lengths[state] == UNKNOWN) {
      find(state);
    }
    return trie.height(node) < lengths[state] && trie.below(node, low[state], high[state]);
  }

  private void find(int state) {
    IntList path = new IntList();
    int at = state;
    while (lengths[at] == UNKNOWN) {
      int to = automaton.next(at, 'a');
      if (to < 0 || automaton.isFinal(at) || automaton.opensWord(at) || !live.get(at)) {
        lengths[at] = 0;
        break;
      }
      findLetters(at, to);
      if (to == at) {
        lengths[at] = Integer.MAX_VALUE;
        break;
      }
      lengths[at] = 1;
      path.add(at);
      at = to;
    }
    for (int i = path.size() - 1; i >= 0; i--) {
      int before = path.get(i);
      boolean same = low[before] == low[at] && high[before] == high[at];
      lengths[before] = same ? (int) Math.min(Integer.MAX_VALUE, 1L + lengths[at]) : 1;
      at = before;
    }
  }

  /** The bytes of ASCII, without the first, that go to the same state. */
  private void findLetters(int state, int to) {
    for (int i = automaton.firstRange(state); i < automaton.endOfRanges(state); i++) {
      if (automaton.target(i) == to) {
        for (int b = Math.max(1, automaton.lo(i)); b <= Math.min(127, automaton.hi(i)); b++) {
          low[state] |= b < 64 ? 1L << b : 0;
          high[state] |= b < 64 ? 0 : 1L << b;
        }
      }
    }
  }
}
