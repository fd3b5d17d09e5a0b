package dev.dragoman.models.generate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What must be in a text: of each term, one of its forms as tokens. The forms of all terms are one
 * trie.
 */
public final class Terms {
  /** Nothing must. */
  public static final Terms NONE = new Terms(List.of());

  /** More terms than this are not looked at. */
  public static final int MOST = 32;

  private final Node root = new Node();
  private final int count;

  private static final class Node {
    private final Map<Integer, Node> next = new HashMap<>();
    private int ends; // the terms whose forms end here, a bit each
    private int below; // the terms whose forms go through here
    private int depth;

    private void addTo(BitSet tokens) {
      next.forEach((token, node) -> {
        tokens.set(token);
        node.addTo(tokens);
      });
    }
  }

  /** How far a text is: the terms it has, a bit each, and where it is in a form. */
  record State(int met, Node at) {
    /** How much it has: whole terms first, then tokens of the one under way. */
    int progress() {
      return 64 * Integer.bitCount(met) + Math.min(63, at.depth);
    }
  }

  /**
   * Some terms.
   *
   * @param terms for each its forms, for each of those its tokens
   */
  public Terms(List<List<int[]>> terms) {
    this.count = Math.min(terms.size(), MOST);
    for (int term = 0; term < count; term++) {
      for (int[] form : terms.get(term)) {
        Node node = root;
        for (int token : form) {
          Node parent = node;
          node = node.next.computeIfAbsent(token, _ -> new Node());
          node.depth = parent.depth + 1;
          node.below |= 1 << term;
        }
        node.ends |= node == root ? 0 : 1 << term;
      }
    }
  }

  /** Adds the tokens of all forms. */
  void addTo(BitSet tokens) {
    root.addTo(tokens);
  }

  State start() {
    return new State(0, root);
  }

  /** How many terms a text has. */
  int met(State state) {
    return Integer.bitCount(state.met);
  }

  boolean complete(State state) {
    return Integer.bitCount(state.met) == count;
  }

  /** Where a text is after one more token. */
  State after(State state, int token) {
    Node next = state.at.next.get(token);
    if (next == null || (next.below & ~state.met) == 0) {
      next = root.next.get(token);
    }
    if (next == null || (next.below & ~state.met) == 0) {
      return new State(state.met, root);
    }
    int met = state.met | next.ends;
    return new State(met, (next.below & ~met) == 0 ? root : next);
  }

  /** The tokens that bring a text on: those of the form under way, and first ones of others. */
  List<Integer> wanted(State state) {
    List<Integer> tokens = new ArrayList<>();
    collect(state.at, state.met, tokens);
    if (state.at != root) {
      collect(root, state.met, tokens);
    }
    tokens.sort(null);
    return tokens;
  }

  private static void collect(Node node, int met, List<Integer> tokens) {
    node.next.forEach((token, next) -> {
      if ((next.below & ~met) != 0 && !tokens.contains(token)) {
        tokens.add(token);
      }
    });
  }
}
