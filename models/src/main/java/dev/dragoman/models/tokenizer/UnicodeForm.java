package dev.dragoman.models.tokenizer;

import java.util.Arrays;

/**
 * NFC, NFD, NFKC and NFKD, with the alignment of the reference implementation (its crate
 * unicode-normalization-alignments, Unicode 9).
 *
 * @param compatible NFKC, NFKD
 * @param composed NFC, NFKC
 */
record UnicodeForm(boolean compatible, boolean composed) implements Normalizer {
  @Override
  public void normalize(Pieces in, Pieces out) {
    if (untouched(in)) {
      out.append(in, 0, in.size());
      return;
    }
    Marks parts = new Marks(in.size());
    for (int i = 0; i < in.size(); i++) {
      int c = in.codePoint(i);
      if (c < 0x80) {
        parts.add(c, 0);
        continue;
      }
      String decomposed = compatible ? CodePoints.compatible(c) : CodePoints.decomposed(c);
      for (int j = 0; j < decomposed.length(); ) {
        int part = decomposed.codePointAt(j);
        parts.add(part, j == 0 ? 0 : 1);
        j += Character.charCount(part);
      }
    }
    parts.sort();
    if (composed) {
      parts.compose();
    }
    Aligner aligner = new Aligner(in, out, 0);
    for (int i = 0; i < parts.size; i++) {
      aligner.change(parts.codePoints[i], parts.changes[i]);
    }
  }

  /** Whether there is nothing that the form could change: no code point from U+0300 (U+0080) on. */
  private boolean untouched(Pieces in) {
    int first = composed && !compatible ? 0x300 : 0x80;
    for (int i = 0; i < in.size(); i++) {
      if (in.codePoint(i) >= first) {
        return false;
      }
    }
    return true;
  }

  /** Decomposed text, each code point with the number that the aligner wants. */
  private static final class Marks {
    private int[] codePoints;
    private int[] changes;
    private int size;

    Marks(int expected) {
      codePoints = new int[expected + 16];
      changes = new int[expected + 16];
    }

    void add(int codePoint, int change) {
      if (size == codePoints.length) {
        codePoints = Arrays.copyOf(codePoints, 2 * size);
        changes = Arrays.copyOf(changes, 2 * size);
      }
      codePoints[size] = codePoint;
      changes[size++] = change;
    }

    /** Puts the marks between two others into the order of their classes; equal ones stay. */
    void sort() {
      for (int i = 0; i < size; ) {
        if (Compositions.combiningClass(codePoints[i]) == 0) {
          i++;
          continue;
        }
        int end = i + 1;
        while (end < size && Compositions.combiningClass(codePoints[end]) != 0) {
          end++;
        }
        if (end - i > 1) {
          sort(i, end);
        }
        i = end;
      }
    }

    private void sort(int from, int to) {
      long[] keys = new long[to - from];
      int[] oldPoints = Arrays.copyOfRange(codePoints, from, to);
      int[] oldChanges = Arrays.copyOfRange(changes, from, to);
      for (int i = 0; i < keys.length; i++) {
        keys[i] = (long) Compositions.combiningClass(oldPoints[i]) << 32 | i;
      }
      Arrays.sort(keys);
      for (int i = 0; i < keys.length; i++) {
        codePoints[from + i] = oldPoints[(int) keys[i]];
        changes[from + i] = oldChanges[(int) keys[i]];
      }
    }

    /** Joins each starter with the marks after it that no other mark keeps from it. */
    void compose() {
      int kept = 0;
      int starter = -1;
      int last = 0;
      for (int i = 0; i < size; i++) {
        int c = codePoints[i];
        int mark = Compositions.combiningClass(c);
        boolean reachable = starter >= 0 && (kept == starter + 1 || last < mark);
        int both = reachable ? Compositions.compose(codePoints[starter], c) : -1;
        if (both >= 0) {
          codePoints[starter] = both;
          changes[starter] += changes[i] - 1;
          continue;
        }
        if (mark == 0) {
          starter = kept;
        }
        last = mark;
        codePoints[kept] = c;
        changes[kept++] = changes[i];
      }
      size = kept;
    }
  }
}
