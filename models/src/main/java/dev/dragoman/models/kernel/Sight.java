package dev.dragoman.models.kernel;

/**
 * What the queries of some rows see of a cache.
 *
 * @param window how many positions a row sees, its own included; 0 for all up to its own
 * @param together whether all rows are at the position of the first one, as queries about another
 *     text are; otherwise each is at the position after that of the row before it
 * @param bias added to scores
 */
public record Sight(int window, boolean together, PositionBias bias) {
  /** A row sees all up to its own position. */
  public static final Sight BACK = new Sight(0, false, PositionBias.NONE);

  /** All rows see all up to the one position. */
  public static final Sight ALL = new Sight(0, true, PositionBias.NONE);

  /**
   * A row sees the last positions.
   *
   * @param window how many, its own included; 0 for all
   */
  public static Sight last(int window) {
    return window == 0 ? BACK : new Sight(window, false, PositionBias.NONE);
  }

  /** The position of a row, counted from that of the first one. */
  public int rise(int row) {
    return together ? 0 : row;
  }

  /** The first position that a row at a position sees. */
  public int lowest(int position) {
    return window == 0 ? 0 : Math.max(0, position - window + 1);
  }
}
