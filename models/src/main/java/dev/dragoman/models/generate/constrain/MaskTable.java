package dev.dragoman.models.generate.constrain;

import dev.dragoman.models.ModelException;
import java.util.BitSet;

/**
 * The token masks of one automaton for one vocabulary, found when first needed and kept while there
 * is room. A mask belongs to the top state of a stack; where tokens run over the end of the top
 * rule, a further mask belongs to the top two states, and so on.
 */
final class MaskTable {
  private static final long MOST_BYTES = 64L << 20;

  private final Automaton automaton;
  private final Vocabulary vocabulary;
  private final TokenTrie trie;
  private final BitSet live;
  private final int[] classOf;
  private final MaskCache cache;
  private final Stacks stacks;
  private final int[] setStarts;
  private final int[] setEnds;
  private final int[] frameMarks;
  private final LetterRuns runs;

  MaskTable(Automaton automaton, Vocabulary vocabulary) {
    this.automaton = automaton;
    this.vocabulary = vocabulary;
    this.trie = vocabulary.trie();
    this.live = Liveness.live(automaton, vocabulary);
    this.runs = new LetterRuns(automaton, live);
    this.classOf = StateClasses.alike(automaton, live, trie.deepest() + 1);
    this.cache = new MaskCache(MOST_BYTES / (8L * vocabulary.maskLength() + 64));
    this.stacks = new Stacks(automaton, null);
    this.setStarts = new int[trie.deepest() + 1];
    this.setEnds = new int[trie.deepest() + 1];
    this.frameMarks = new int[trie.deepest() + 1];
    boolean possible = false;
    for (int entry : automaton.entries(automaton.root())) {
      possible |= live.get(entry);
    }
    if (!possible) {
      throw new ModelException(
          "The vocabulary has no tokens of single bytes with which the constraint can be met;"
              + " missing: "
              + Liveness.missing(vocabulary));
    }
  }

  Automaton automaton() {
    return automaton;
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  /** Whether single bytes of the vocabulary lead from the state to the end of its rule. */
  boolean isLive(int state) {
    return live.get(state);
  }

  /** How many masks have been computed so far. */
  synchronized long computed() {
    return cache.added();
  }

  /** The tokens that may come with this stack. Not to be changed. */
  synchronized long[] mask(Stacks from, int frame) {
    int state = from.state(frame);
    MaskCache.Entry entry = cache.find(0, classOf[state]);
    if (entry == null) {
      entry = compute(state);
      cache.add(0, classOf[state], entry);
    }
    int lower = from.below(frame);
    while (entry.exits.length > 0 && lower != Stacks.BOTTOM) {
      int below = from.state(lower);
      MaskCache.Entry more = cache.find(entry.id, classOf[below]);
      if (more == null) {
        more = extend(entry, below);
        cache.add(entry.id, classOf[below], more);
      }
      entry = more;
      lower = from.below(lower);
    }
    return entry.bits;
  }

  private MaskCache.Entry compute(int state) {
    long[] bits = new long[vocabulary.maskLength()];
    IntList exits = new IntList();
    if (automaton.isFinal(state)) {
      exits.add(TokenTrie.ROOT);
    }
    walk(TokenTrie.ROOT, state, bits, exits);
    return new MaskCache.Entry(bits, exits.toArray());
  }

  /** What the state below allows after the ends of the rules above. */
  private MaskCache.Entry extend(MaskCache.Entry entry, int state) {
    long[] bits = entry.bits.clone();
    IntList exits = new IntList();
    for (int node : entry.exits) {
      if (automaton.isFinal(state)) {
        exits.add(node);
      }
      walk(node, state, bits, exits);
    }
    return new MaskCache.Entry(bits, exits.toArray());
  }

  /** Walks the tokens below a node; notes the nodes at which the rule of the state may be done. */
  private void walk(int start, int state, long[] bits, IntList exits) {
    stacks.cut(0, 0);
    stacks.addTop(stacks.frame(state, Stacks.BOTTOM, UsedWords.NONE));
    int base = trie.depth(start);
    setStarts[base] = 0;
    setEnds[base] = 1;
    frameMarks[base] = 1;
    int node = start + 1;
    int end = trie.end(start);
    while (node < end) {
      int depth = trie.depth(node);
      int from = setStarts[depth - 1];
      int to = setEnds[depth - 1];
      stacks.cut(frameMarks[depth - 1], to);
      stacks.step(from, to, trie.label(node), depth - 1 > base || base > 0);
      if (stacks.size() == to) {
        node = trie.end(node);
        continue;
      }
      setStarts[depth] = to;
      setEnds[depth] = stacks.size();
      frameMarks[depth] = stacks.frames();
      look(node, to, bits, exits);
      if (staysBelow(node, to)) {
        trie.allowFrom(node, bits);
        node = trie.end(node);
      } else {
        node++;
      }
    }
  }

  private void look(int node, int from, long[] bits, IntList exits) {
    boolean allowed = false;
    boolean exit = false;
    for (int i = from; i < stacks.size(); i++) {
      int frame = stacks.top(i);
      int state = stacks.state(frame);
      int below = stacks.below(frame);
      allowed |= live.get(state) && (below == Stacks.BOTTOM || allLive(below));
      while (below != Stacks.BOTTOM && automaton.isFinal(state)) {
        state = stacks.state(below);
        below = stacks.below(below);
      }
      exit |= below == Stacks.BOTTOM && automaton.isFinal(state);
    }
    if (allowed) {
      trie.allow(node, bits);
    }
    if (exit && trie.hasChildren(node)) {
      exits.add(node);
    }
  }

  /** Whether there is one stack, and every token below the node only reads plain letters. */
  private boolean staysBelow(int node, int from) {
    if (stacks.size() != from + 1 || !trie.hasChildren(node)) {
      return false;
    }
    int frame = stacks.top(from);
    return runs.covers(stacks.state(frame), trie, node) && allLive(frame);
  }

  private boolean allLive(int frame) {
    for (int at = frame; at != Stacks.BOTTOM; at = stacks.below(at)) {
      if (!live.get(stacks.state(at))) {
        return false;
      }
    }
    return true;
  }
}
