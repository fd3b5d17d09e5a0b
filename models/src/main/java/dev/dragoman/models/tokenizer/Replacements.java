package dev.dragoman.models.tokenizer;

import java.util.Arrays;

/**
 * Replaces single code points by any number of others.
 *
 * @param codePoints that are replaced, ascending
 * @param contents what stands for each
 */
record Replacements(int[] codePoints, int[][] contents) implements Normalizer {
  @Override
  public void normalize(Pieces in, Pieces out) {
    for (int i = 0; i < in.size(); i++) {
      int found = Arrays.binarySearch(codePoints, in.codePoint(i));
      if (found < 0) {
        out.append(in, i, i + 1);
      } else {
        for (int c : contents[found]) {
          out.add(c, in.start(i), in.end(i));
        }
      }
    }
  }

  @Override
  public boolean local() {
    return true;
  }
}
