package dev.dragoman.models.tokenizer;

import java.util.Arrays;

/**
 * Normalised text: code points, each with the UTF-16 range of the source text it came from. A
 * growing buffer that is reused.
 */
final class Pieces {
  private static final int REPLACEMENT = 0xFFFD;

  private int[] codePoints;
  private int[] starts;
  private int[] ends;
  private int size;

  Pieces() {
    this(256);
  }

  Pieces(int capacity) {
    codePoints = new int[capacity];
    starts = new int[capacity];
    ends = new int[capacity];
  }

  void clear() {
    size = 0;
  }

  /** Drops all after the first so many. */
  void cut(int size) {
    this.size = size;
  }

  int size() {
    return size;
  }

  void add(int codePoint, int start, int end) {
    if (size == codePoints.length) {
      grow(size + 1);
    }
    codePoints[size] = codePoint;
    starts[size] = start;
    ends[size++] = end;
  }

  private void grow(int needed) {
    int capacity = Math.max(needed, 2 * codePoints.length);
    codePoints = Arrays.copyOf(codePoints, capacity);
    starts = Arrays.copyOf(starts, capacity);
    ends = Arrays.copyOf(ends, capacity);
  }

  /** The text as it is; a lone surrogate is the replacement character. */
  void append(CharSequence text, int from, int to) {
    if (size + to - from > codePoints.length) {
      grow(size + to - from);
    }
    for (int i = from; i < to; ) {
      int start = i;
      int c = text.charAt(i++);
      if (Character.isSurrogate((char) c)) {
        if (Character.isHighSurrogate((char) c)
            && i < to
            && Character.isLowSurrogate(text.charAt(i))) {
          c = Character.toCodePoint((char) c, text.charAt(i++));
        } else {
          c = REPLACEMENT;
        }
      }
      codePoints[size] = c;
      starts[size] = start;
      ends[size++] = i;
    }
  }

  void append(Pieces other, int from, int to) {
    int count = to - from;
    if (size + count > codePoints.length) {
      grow(size + count);
    }
    System.arraycopy(other.codePoints, from, codePoints, size, count);
    System.arraycopy(other.starts, from, starts, size, count);
    System.arraycopy(other.ends, from, ends, size, count);
    size += count;
  }

  void codePoint(int index, int codePoint) {
    codePoints[index] = codePoint;
  }

  int codePoint(int index) {
    return codePoints[index];
  }

  int start(int index) {
    return starts[index];
  }

  int end(int index) {
    return ends[index];
  }

  @Override
  public String toString() {
    return new String(codePoints, 0, size);
  }
}
