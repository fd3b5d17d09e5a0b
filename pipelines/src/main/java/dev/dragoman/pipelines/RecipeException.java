package dev.dragoman.pipelines;

/** A recipe that cannot be run: the user's mistake, told in one line that starts with its place. */
public final class RecipeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RecipeException(String message) {
    super(message);
  }

  /**
   * A mistake at a place.
   *
   * @param file the recipe's file or name
   * @param line from 1; 0 where no line can be named
   */
  RecipeException(String file, int line, String message) {
    super(line > 0 ? file + ":" + line + ": " + message : file + ": " + message);
  }
}
