package dev.dragoman.models.generate.constrain;

import java.util.Arrays;

/**
 * All tokens by their bytes. The nodes are numbered so that each comes before those below it, which
 * follow without a gap; so do the ids of the tokens.
 */
final class TokenTrie {
  static final int ROOT = 0;
  static final int NONE = -1;

  private final byte[] labels;
  private final short[] depths;
  private final int[] ends;
  private final int[] tokenStart;
  private final int[] tokens;
  private final short[] heights;
  private final long[] lowBelow;
  private final long[] highBelow;
  private final int deepest;

  TokenTrie(byte[][] texts) {
    Integer[] order = new Integer[texts.length];
    int count = 0;
    int bytes = 0;
    for (int id = 0; id < texts.length; id++) {
      if (texts[id].length > 0 && texts[id].length < Short.MAX_VALUE) {
        order[count++] = id;
        bytes += texts[id].length;
      }
    }
    Arrays.sort(order, 0, count, (a, b) -> Arrays.compareUnsigned(texts[a], texts[b]));
    byte[] label = new byte[bytes + 1];
    short[] depth = new short[bytes + 1];
    int[] start = new int[bytes + 2];
    tokens = new int[count];
    int nodes = 1;
    byte[] last = {};
    int longest = 0;
    for (int i = 0; i < count; i++) {
      byte[] text = texts[order[i]];
      int shared = Arrays.mismatch(last, text);
      for (int d = shared < 0 ? text.length : shared; d < text.length; d++) {
        label[nodes] = text[d];
        depth[nodes] = (short) (d + 1);
        start[nodes++] = i;
      }
      tokens[i] = order[i];
      last = text;
      longest = Math.max(longest, text.length);
    }
    labels = Arrays.copyOf(label, nodes);
    depths = Arrays.copyOf(depth, nodes);
    tokenStart = Arrays.copyOf(start, nodes + 1);
    tokenStart[nodes] = count;
    ends = new int[nodes];
    deepest = longest;
    findEnds();
    heights = new short[nodes];
    lowBelow = new long[nodes];
    highBelow = new long[nodes];
    findBytesBelow();
  }

  /** The end of a node is the next one that is not deeper. */
  private void findEnds() {
    int[] next = new int[deepest + 1];
    Arrays.fill(next, labels.length);
    for (int node = labels.length - 1; node >= 0; node--) {
      int depth = depths[node];
      ends[node] = next[depth];
      Arrays.fill(next, depth, next.length, node);
    }
  }

  /** Collects, from the last node to the first, the labels below each node and how deep they go. */
  private void findBytesBelow() {
    long[] low = new long[deepest + 2];
    long[] high = new long[deepest + 2];
    short[] height = new short[deepest + 2];
    for (int node = labels.length - 1; node >= 0; node--) {
      int depth = depths[node];
      lowBelow[node] = low[depth + 1];
      highBelow[node] = high[depth + 1];
      heights[node] = height[depth + 1];
      height[depth + 1] = 0;
      height[depth] = (short) Math.max(height[depth], heights[node] + 1);
      low[depth + 1] = 0;
      high[depth + 1] = 0;
      int label = label(node);
      low[depth] |= lowBelow[node] | (label >= 128 ? 1 : label < 64 ? 1L << label : 0);
      high[depth] |= highBelow[node] | (label >= 64 && label < 128 ? 1L << label : 0);
    }
  }

  /**
   * Whether all labels below the node are among some bytes of ASCII, one bit each; bit 0 stands for
   * every byte above ASCII as well.
   */
  boolean below(int node, long low, long high) {
    return (lowBelow[node] & ~low) == 0 && (highBelow[node] & ~high) == 0;
  }

  int size() {
    return labels.length;
  }

  /** The length of the longest token in bytes. */
  int deepest() {
    return deepest;
  }

  int label(int node) {
    return labels[node] & 0xFF;
  }

  int depth(int node) {
    return depths[node];
  }

  /** The first node after those below this one. */
  int end(int node) {
    return ends[node];
  }

  boolean hasChildren(int node) {
    return ends[node] > node + 1;
  }

  boolean hasToken(int node) {
    return firstBelow(node) > tokenStart[node];
  }

  /** Where the tokens below the node start; those before are the node's own. */
  private int firstBelow(int node) {
    return hasChildren(node) ? tokenStart[node + 1] : tokenStart[ends[node]];
  }

  int child(int node, int unsignedByte) {
    int child = node + 1;
    while (child < ends[node]) {
      if (label(child) == unsignedByte) {
        return child;
      }
      child = ends[child];
    }
    return NONE;
  }

  /** Sets the bits of the tokens that end at the node. */
  void allow(int node, long[] mask) {
    for (int i = tokenStart[node]; i < firstBelow(node); i++) {
      mask[tokens[i] >> 6] |= 1L << tokens[i];
    }
  }

  /** How many bytes the longest token through the node has after it. */
  int height(int node) {
    return heights[node];
  }

  /** Sets the bits of the tokens that end at the node or below. */
  void allowFrom(int node, long[] mask) {
    for (int i = tokenStart[node]; i < tokenStart[ends[node]]; i++) {
      mask[tokens[i] >> 6] |= 1L << tokens[i];
    }
  }

  /** Clears the bits of the tokens that end at the node or below. */
  void forbidFrom(int node, long[] mask) {
    for (int i = tokenStart[node]; i < tokenStart[ends[node]]; i++) {
      mask[tokens[i] >> 6] &= ~(1L << tokens[i]);
    }
  }
}
