package dev.dragoman.models.generate.constrain;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** A set of Unicode characters without the surrogates: sorted ranges, ends included. */
record RuneSet(int[] ranges) {
  static final RuneSet NONE = new RuneSet(new int[0]);
  static final RuneSet ALL = NONE.complement();

  static RuneSet of(int... ranges) {
    return NONE.union(new RuneSet(ranges));
  }

  static RuneSet where(IntPredicate condition) {
    Builder builder = new Builder();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (condition.test(c)) {
        builder.add(c, c);
      }
    }
    return builder.build();
  }

  RuneSet union(RuneSet other) {
    int[] starts = new int[(ranges.length + other.ranges.length) / 2];
    long[] sorted = new long[starts.length];
    int n = 0;
    for (int[] list : new int[][] {ranges, other.ranges}) {
      for (int i = 0; i < list.length; i += 2) {
        sorted[n++] = (long) list[i] << 32 | list[i + 1];
      }
    }
    Arrays.sort(sorted);
    Builder builder = new Builder();
    for (long range : sorted) {
      builder.add((int) (range >> 32), (int) range);
    }
    return builder.build();
  }

  RuneSet complement() {
    Builder builder = new Builder();
    int from = 0;
    for (int i = 0; i < ranges.length; i += 2) {
      if (from < ranges[i]) {
        builder.add(from, ranges[i] - 1);
      }
      from = ranges[i + 1] + 1;
    }
    if (from <= Character.MAX_CODE_POINT) {
      builder.add(from, Character.MAX_CODE_POINT);
    }
    return builder.build();
  }

  boolean contains(int c) {
    for (int i = 0; i < ranges.length; i += 2) {
      if (c >= ranges[i] && c <= ranges[i + 1]) {
        return true;
      }
    }
    return false;
  }

  /** With the other case of each ASCII letter. */
  RuneSet foldAscii() {
    RuneSet folded = this;
    for (int c = 'a'; c <= 'z'; c++) {
      int upper = c - 'a' + 'A';
      if (contains(c) != contains(upper)) {
        folded = folded.union(new RuneSet(new int[] {c, c, upper, upper}));
      }
    }
    return folded;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RuneSet that && Arrays.equals(ranges, that.ranges);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ranges);
  }

  /** Takes ranges in the order of their starts, joins them, and leaves the surrogates out. */
  private static final class Builder {
    private int[] ranges = new int[16];
    private int size;

    void add(int lo, int hi) {
      if (lo < 0xD800 && hi >= 0xD800) {
        append(lo, 0xD7FF);
        if (hi > 0xDFFF) {
          append(0xE000, hi);
        }
      } else if (hi > 0xDFFF || hi < 0xD800) {
        append(lo < 0xD800 ? lo : Math.max(lo, 0xE000), hi);
      }
    }

    private void append(int lo, int hi) {
      if (size > 0 && lo <= ranges[size - 1] + 1) {
        ranges[size - 1] = Math.max(ranges[size - 1], hi);
        return;
      }
      if (size == ranges.length) {
        ranges = Arrays.copyOf(ranges, size * 2);
      }
      ranges[size++] = lo;
      ranges[size++] = hi;
    }

    RuneSet build() {
      return new RuneSet(Arrays.copyOf(ranges, size));
    }
  }
}
