package dev.dragoman.models.generate;

import java.util.Arrays;

/**
 * The tokens that end a text.
 *
 * @param ids sorted
 */
record Ends(int[] ids) {
  Ends {
    ids = ids.clone();
    Arrays.sort(ids);
  }

  boolean contains(int id) {
    return Arrays.binarySearch(ids, id) >= 0;
  }
}
