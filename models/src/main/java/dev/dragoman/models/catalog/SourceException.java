package dev.dragoman.models.catalog;

/** Why one source did not give a file; never leaves the package. */
final class SourceException extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean unreachable;
  private final boolean repeated;

  SourceException(String why) {
    this(why, false);
  }

  /**
   * Why.
   *
   * @param unreachable whether the other files of the same place need not be asked for
   */
  SourceException(String why, boolean unreachable) {
    this(why, unreachable, false);
  }

  private SourceException(String why, boolean unreachable, boolean repeated) {
    super(why);
    this.unreachable = unreachable;
    this.repeated = repeated;
  }

  /** The same, for the next file of the same place, which was not asked again. */
  SourceException again() {
    return new SourceException(why(), unreachable, true);
  }

  boolean repeated() {
    return repeated;
  }

  String why() {
    return String.valueOf(getMessage());
  }

  boolean unreachable() {
    return unreachable;
  }
}
