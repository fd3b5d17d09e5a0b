package dev.dragoman.models.catalog;

/** Why one source did not give a file; never leaves the package. */
final class SourceException extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean unreachable;

  SourceException(String why) {
    this(why, false);
  }

  /**
   * Why.
   *
   * @param unreachable whether the other files of the same place need not be asked for
   */
  SourceException(String why, boolean unreachable) {
    super(why);
    this.unreachable = unreachable;
  }

  String why() {
    return String.valueOf(getMessage());
  }

  boolean unreachable() {
    return unreachable;
  }
}
