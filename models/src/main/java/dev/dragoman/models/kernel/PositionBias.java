package dev.dragoman.models.kernel;

/**
 * What a head adds to the score of a key for how far it is from the query (<a
 * href="https://arxiv.org/abs/1910.10683">T5</a>). It is added after scaling.
 *
 * @param reach distances of less than this are known, on either side
 * @param table [heads, 2 * reach - 1], by {@code key - query + reach - 1}
 */
public record PositionBias(int reach, float[] table) {
  /** Nothing is added. */
  public static final PositionBias NONE = new PositionBias(0, new float[0]);

  /** Where a head's bias of a query for the first key is; those of the next keys follow it. */
  public int start(int head, int query) {
    return head * (2 * reach - 1) + reach - 1 - query;
  }
}
