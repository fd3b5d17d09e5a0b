package dev.dragoman.models.tokenizer;

import java.util.Arrays;

/** Which pairs of tokens become one, and in which order: an open hash table of numbers. */
final class PairTable implements Pairs {
  private final long[] keys;
  private final long[] values;
  private final int mask;

  PairTable(int pairs) {
    int slots = Integer.highestOneBit(Math.max(pairs, 8) * 2 - 1) * 2;
    keys = new long[slots];
    values = new long[slots];
    mask = slots - 1;
    Arrays.fill(keys, NONE);
  }

  private int slot(long key) {
    return (int) (key * 0x9E3779B97F4A7C15L >>> 33) & mask;
  }

  /** A pair that is there already gets the new rank. */
  void put(int left, int right, int rank, int merged) {
    long key = (long) left << 32 | right;
    int slot = slot(key);
    while (keys[slot] != NONE && keys[slot] != key) {
      slot = slot + 1 & mask;
    }
    keys[slot] = key;
    values[slot] = (long) rank << 32 | merged;
  }

  @Override
  public long get(int left, int right, Pieces pieces, int from, int to) {
    long key = (long) left << 32 | right;
    int slot = slot(key);
    while (true) {
      long found = keys[slot];
      if (found == key) {
        return values[slot];
      }
      if (found == NONE) {
        return NONE;
      }
      slot = slot + 1 & mask;
    }
  }
}
