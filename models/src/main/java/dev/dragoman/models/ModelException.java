package dev.dragoman.models;

/**
 * A model that cannot be used: a file that lies about itself, or an architecture not known here.
 */
public class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What is wrong, naming the file and, where there is one, the tensor and the offset. */
  public ModelException(String message) {
    super(message);
  }

  /** What is wrong, and what brought it to light. */
  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
