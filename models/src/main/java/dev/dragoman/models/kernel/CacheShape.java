package dev.dragoman.models.kernel;

/**
 * The heads of an attention over a cache of keys and values.
 *
 * @param heads of queries
 * @param kvHeads of keys and values, a divisor of heads: each is shared by heads / kvHeads queries
 *     that follow one another
 * @param headWidth numbers of a head
 */
public record CacheShape(int heads, int kvHeads, int headWidth) {
  /** How many positions a page of the cache has. */
  public static final int PAGE = 64;

  /** Checks the numbers. */
  public CacheShape {
    if (heads < 1 || kvHeads < 1 || heads % kvHeads != 0 || headWidth < 1) {
      throw new IllegalArgumentException(
          "heads %d, kvHeads %d, headWidth %d".formatted(heads, kvHeads, headWidth));
    }
  }

  /** How many pages hold so many positions. */
  public static int pages(int positions) {
    return (positions + PAGE - 1) / PAGE;
  }

  /** Numbers of all queries of a token. */
  public int queries() {
    return heads * headWidth;
  }

  /** Numbers of all keys, and of all values, of a token. */
  public int keys() {
    return kvHeads * headWidth;
  }
}
