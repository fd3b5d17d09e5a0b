package dev.dragoman.connectors.parquet;

import java.util.Arrays;

/** Translates UTF-16 offsets into one text to code point offsets. */
final class CodePoints {
  private final int length;

  /** Where the second halves of surrogate pairs are, ascending. */
  private final int[] seconds;

  CodePoints(String text) {
    length = text.length();
    int pairs = length - text.codePointCount(0, length);
    seconds = new int[pairs];
    for (int i = 1, n = 0; n < pairs; i++) {
      if (Character.isSurrogatePair(text.charAt(i - 1), text.charAt(i))) {
        seconds[n++] = i;
        i++;
      }
    }
  }

  /** The code point that holds the UTF-16 unit at {@code offset}; the length for the end. */
  int at(int offset) {
    if (offset < 0 || offset > length) {
      throw new IllegalArgumentException("offset " + offset + " in a text of " + length);
    }
    int found = Arrays.binarySearch(seconds, offset);
    return offset - (found >= 0 ? found + 1 : -found - 1);
  }
}
