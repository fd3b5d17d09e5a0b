package dev.dragoman.connectors;

/** The user's mistake, told in one line that says what to do: a path, a flag, a query. */
public class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A mistake, told in one line. */
  public UsageException(String message) {
    super(message);
  }

  /** A mistake, told in one line, and what brought it to light. */
  public UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
