package dev.dragoman.models.tokenizer;

import java.util.Arrays;

/** A tree of code points; its edges lie in one hash table. */
final class Trie {
  static final int ROOT = 0;
  static final int NONE = -1;

  private long[] edges = new long[1 << 10];
  private int[] targets = new int[1 << 10];
  private int[] values = new int[1 << 8];
  private int edgeCount;
  private int nodes = 1;

  Trie() {
    Arrays.fill(edges, NONE);
    Arrays.fill(values, NONE);
  }

  void put(String key, int value) {
    int node = ROOT;
    for (int i = 0; i < key.length(); ) {
      int c = key.codePointAt(i);
      i += Character.charCount(c);
      int next = next(node, c);
      node = next == NONE ? grow(node, c) : next;
    }
    values[node] = value;
  }

  /** The node below this one, or NONE. */
  int next(int node, int codePoint) {
    long edge = edge(node, codePoint);
    for (int slot = slot(edge); ; slot = slot + 1 & edges.length - 1) {
      if (edges[slot] == edge) {
        return targets[slot];
      }
      if (edges[slot] == NONE) {
        return NONE;
      }
    }
  }

  /** What was put at this node, or NONE. */
  int value(int node) {
    return values[node];
  }

  private static long edge(int node, int codePoint) {
    return (long) node << 21 | codePoint;
  }

  private int slot(long edge) {
    long mixed = edge * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 40) & edges.length - 1;
  }

  private int grow(int node, int codePoint) {
    if (2 * edgeCount >= edges.length) {
      long[] oldEdges = edges;
      int[] oldTargets = targets;
      edges = new long[2 * oldEdges.length];
      targets = new int[edges.length];
      Arrays.fill(edges, NONE);
      for (int i = 0; i < oldEdges.length; i++) {
        if (oldEdges[i] != NONE) {
          insert(oldEdges[i], oldTargets[i]);
        }
      }
    }
    if (nodes == values.length) {
      values = Arrays.copyOf(values, 2 * nodes);
      Arrays.fill(values, nodes, values.length, NONE);
    }
    insert(edge(node, codePoint), nodes);
    edgeCount++;
    return nodes++;
  }

  private void insert(long edge, int target) {
    int slot = slot(edge);
    while (edges[slot] != NONE) {
      slot = slot + 1 & edges.length - 1;
    }
    edges[slot] = edge;
    targets[slot] = target;
  }
}
