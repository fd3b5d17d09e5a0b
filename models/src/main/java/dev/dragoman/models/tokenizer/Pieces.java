package dev.dragoman.models.tokenizer;

import java.util.Arrays;

/**
 * Normalised text: code points, each with the UTF-16 range of the source text it came from. A
 * growing buffer that is reused.
 */
final class Pieces {
  private int[] codePoints = new int[256];
  private int[] starts = new int[256];
  private int[] ends = new int[256];
  private int size;

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  void add(int codePoint, int start, int end) {
    if (size == codePoints.length) {
      codePoints = Arrays.copyOf(codePoints, 2 * size);
      starts = Arrays.copyOf(starts, 2 * size);
      ends = Arrays.copyOf(ends, 2 * size);
    }
    codePoints[size] = codePoint;
    starts[size] = start;
    ends[size++] = end;
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
}
