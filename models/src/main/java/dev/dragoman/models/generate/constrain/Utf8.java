package dev.dragoman.models.generate.constrain;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Sets of characters as sequences of byte ranges. */
final class Utf8 {
  private static final int[] LAST_OF_LENGTH = {0x7F, 0x7FF, 0xFFFF, 0x10FFFF};

  private Utf8() {}

  /** Gives each sequence as lo, hi, lo, hi ...: together they are the UTF-8 forms of the set. */
  static void ranges(RuneSet set, Consumer<List<Integer>> sequences) {
    int[] ranges = set.ranges();
    for (int i = 0; i < ranges.length; i += 2) {
      split(ranges[i], ranges[i + 1], sequences);
    }
  }

  /** Cuts a range until lead bytes and following bytes vary independently. */
  private static void split(int lo, int hi, Consumer<List<Integer>> sequences) {
    for (int last : LAST_OF_LENGTH) {
      if (lo <= last && last < hi) {
        split(lo, last, sequences);
        split(last + 1, hi, sequences);
        return;
      }
    }
    int length = length(lo);
    for (int i = 1; i < length; i++) {
      int mask = (1 << (6 * i)) - 1;
      if ((lo & ~mask) != (hi & ~mask)) {
        if ((lo & mask) != 0) {
          split(lo, lo | mask, sequences);
          split((lo | mask) + 1, hi, sequences);
          return;
        }
        if ((hi & mask) != mask) {
          split(lo, (hi & ~mask) - 1, sequences);
          split(hi & ~mask, hi, sequences);
          return;
        }
      }
    }
    List<Integer> sequence = new ArrayList<>(8);
    for (int i = 0; i < length; i++) {
      sequence.add(byteAt(lo, i, length));
      sequence.add(byteAt(hi, i, length));
    }
    sequences.accept(sequence);
  }

  private static int length(int c) {
    return c <= 0x7F ? 1 : c <= 0x7FF ? 2 : c <= 0xFFFF ? 3 : 4;
  }

  private static int byteAt(int c, int index, int length) {
    if (length == 1) {
      return c;
    }
    if (index == 0) {
      return (0xF00 >> length) & 0xFF | c >> (6 * (length - 1));
    }
    return 0x80 | c >> (6 * (length - 1 - index)) & 0x3F;
  }
}
