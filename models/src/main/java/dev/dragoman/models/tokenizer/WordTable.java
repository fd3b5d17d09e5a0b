package dev.dragoman.models.tokenizer;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/** Finds the token that a stretch of code points is, without making a string of it. */
final class WordTable {
  static final int NONE = -1;

  private final List<String> names;
  private final int[] ids;
  private final int mask;

  /** Ids are places in the list; those whose flag is off are not there. */
  WordTable(List<String> names, IntPredicate wanted) {
    this.names = names;
    int slots = Integer.highestOneBit(Math.max(names.size(), 8) * 2 - 1) * 2;
    ids = new int[slots];
    mask = slots - 1;
    Arrays.fill(ids, NONE);
    for (int id = 0; id < names.size(); id++) {
      if (wanted.test(id) && !names.get(id).isEmpty()) {
        put(id);
      }
    }
  }

  private void put(int id) {
    String name = names.get(id);
    long hash = 0;
    for (int i = 0; i < name.length(); ) {
      int c = name.codePointAt(i);
      hash = step(hash, c);
      i += Character.charCount(c);
    }
    int slot = slot(hash);
    while (ids[slot] != NONE) {
      if (names.get(ids[slot]).equals(name)) {
        return;
      }
      slot = slot + 1 & mask;
    }
    ids[slot] = id;
  }

  static long step(long hash, int codePoint) {
    return (hash ^ codePoint) * 0x9E3779B97F4A7C15L;
  }

  static long hash(Pieces pieces, int from, int to) {
    long hash = 0;
    for (int i = from; i < to; i++) {
      hash = step(hash, pieces.codePoint(i));
    }
    return hash;
  }

  private int slot(long hash) {
    return (int) (hash >>> 32 ^ hash >>> 15) & mask;
  }

  int get(Pieces pieces, int from, int to) {
    return get(pieces, from, to, hash(pieces, from, to));
  }

  int get(Pieces pieces, int from, int to, long hash) {
    int slot = slot(hash);
    while (ids[slot] != NONE) {
      if (same(names.get(ids[slot]), pieces, from, to)) {
        return ids[slot];
      }
      slot = slot + 1 & mask;
    }
    return NONE;
  }

  private static boolean same(String name, Pieces pieces, int from, int to) {
    int at = 0;
    for (int i = from; i < to; i++) {
      if (at >= name.length()) {
        return false;
      }
      int c = name.codePointAt(at);
      if (c != pieces.codePoint(i)) {
        return false;
      }
      at += Character.charCount(c);
    }
    return at == name.length();
  }
}
