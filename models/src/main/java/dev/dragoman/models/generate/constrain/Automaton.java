package dev.dragoman.models.generate.constrain;

import java.util.Arrays;
import java.util.BitSet;

/**
 * A pushdown automaton over bytes as a network of rules. A state moves on a byte range to one
 * state, or calls a rule and goes on elsewhere when the rule is done; where a rule may be done the
 * state is final. Every state can reach a final one.
 *
 * <p>A word is a property name or an array item that must differ from the other words of its object
 * or array. The state after its opening quote opens the word; the states up to its end know how
 * many words they lead to.
 */
final class Automaton {
  static final int NONE = -1;
  static final int ENDLESS = Integer.MAX_VALUE;

  private final int[] rangeStart;
  private final int[] bounds;
  private final int[] targets;
  private final int[] callStart;
  private final int[] callRules;
  private final int[] callReturns;
  private final BitSet finals;
  private final int[] wordOf;
  private final BitSet opening;
  private final int[] wordCounts;
  private final int[][] entries;
  private final int root;

  /**
   * @param rangeStart where the ranges of each state start, and their end
   * @param bounds lo and hi of each range, hi in the second byte
   * @param wordOf the set of words that a state is in, or {@link #NONE}
   * @param entries the states that each rule starts in
   */
  Automaton(
      int[] rangeStart,
      int[] bounds,
      int[] targets,
      int[] callStart,
      int[] callRules,
      int[] callReturns,
      BitSet finals,
      int[] wordOf,
      BitSet opening,
      int[][] entries,
      int root) {
    this.rangeStart = rangeStart;
    this.bounds = bounds;
    this.targets = targets;
    this.callStart = callStart;
    this.callRules = callRules;
    this.callReturns = callReturns;
    this.finals = finals;
    this.wordOf = wordOf;
    this.opening = opening;
    this.entries = entries;
    this.root = root;
    this.wordCounts = countWords();
  }

  int size() {
    return rangeStart.length - 1;
  }

  int rules() {
    return entries.length;
  }

  int root() {
    return root;
  }

  int[] entries(int rule) {
    return entries[rule];
  }

  /** The state after a byte, or {@link #NONE}. */
  int next(int state, int unsignedByte) {
    for (int i = rangeStart[state]; i < rangeStart[state + 1]; i++) {
      int bound = bounds[i];
      if (unsignedByte <= bound >> 8) {
        return unsignedByte >= (bound & 0xFF) ? targets[i] : NONE;
      }
    }
    return NONE;
  }

  int firstRange(int state) {
    return rangeStart[state];
  }

  int endOfRanges(int state) {
    return rangeStart[state + 1];
  }

  int lo(int range) {
    return bounds[range] & 0xFF;
  }

  int hi(int range) {
    return bounds[range] >> 8;
  }

  int target(int range) {
    return targets[range];
  }

  int firstCall(int state) {
    return callStart[state];
  }

  int endOfCalls(int state) {
    return callStart[state + 1];
  }

  int calledRule(int call) {
    return callRules[call];
  }

  int returnsTo(int call) {
    return callReturns[call];
  }

  boolean isFinal(int state) {
    return finals.get(state);
  }

  /** Whether nothing more can come before the rule is done. */
  boolean isDone(int state) {
    return finals.get(state)
        && rangeStart[state] == rangeStart[state + 1]
        && callStart[state] == callStart[state + 1];
  }

  /** Whether a word starts here: the state after its opening quote. */
  boolean opensWord(int state) {
    return opening.get(state);
  }

  /** The set of words that the state is in, or {@link #NONE}. */
  int wordOf(int state) {
    return wordOf[state];
  }

  /** How many words lead on from here, or {@link #ENDLESS}. */
  int wordCount(int state) {
    return wordCounts[state];
  }

  private int[] countWords() {
    int n = size();
    int[] counts = new int[n];
    Arrays.fill(counts, ENDLESS);
    int[] open = new int[n];
    IntList[] sources = new IntList[n];
    IntList queue = new IntList();
    for (int s = 0; s < n; s++) {
      if (wordOf[s] != NONE) {
        open[s] = rangeStart[s + 1] - rangeStart[s];
        for (int i = rangeStart[s]; i < rangeStart[s + 1]; i++) {
          if (sources[targets[i]] == null) {
            sources[targets[i]] = new IntList();
          }
          sources[targets[i]].add(s);
        }
        if (open[s] == 0) {
          queue.add(s);
        }
      }
    }
    for (int head = 0; head < queue.size(); head++) {
      int state = queue.get(head);
      long sum = finals.get(state) ? 1 : 0;
      for (int i = rangeStart[state]; i < rangeStart[state + 1]; i++) {
        sum = Math.min(ENDLESS, sum + (long) counts[targets[i]] * (hi(i) - lo(i) + 1));
      }
      counts[state] = (int) sum;
      IntList before = sources[state];
      for (int i = 0; before != null && i < before.size(); i++) {
        int source = before.get(i);
        if (--open[source] == 0) {
          queue.add(source);
        }
      }
    }
    return counts;
  }
}
