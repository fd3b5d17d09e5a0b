package dev.dragoman.models.tokenizer;

import java.util.Arrays;

/** A heap of numbers, the smallest first; each place has four below it. */
final class LongHeap {
  private long[] values = new long[64];
  private int size;

  void clear() {
    size = 0;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    int at = size++;
    while (at > 0) {
      int above = at - 1 >> 2;
      if (values[above] <= value) {
        break;
      }
      values[at] = values[above];
      at = above;
    }
    values[at] = value;
  }

  /** The smallest, which is gone then. */
  long take() {
    long top = values[0];
    long last = values[--size];
    int at = 0;
    while (true) {
      int first = (at << 2) + 1;
      if (first >= size) {
        break;
      }
      int least = first;
      for (int i = first + 1; i < Math.min(first + 4, size); i++) {
        if (values[i] < values[least]) {
          least = i;
        }
      }
      if (values[least] >= last) {
        break;
      }
      values[at] = values[least];
      at = least;
    }
    values[at] = last;
    return top;
  }
}
