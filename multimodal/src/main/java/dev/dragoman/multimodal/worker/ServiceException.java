package dev.dragoman.multimodal.worker;

/**
 * The input of a request is at fault: thrown inside a worker process, rethrown to the caller as
 * {@link WorkerException}.
 */
public final class ServiceException extends Exception {
  private static final long serialVersionUID = 1;

  private final String code;

  /**
   * A failure that the input causes.
   *
   * @param code the name of a rejection code, such as {@code CORRUPT}
   * @param message for a person: what is wrong and what to do
   */
  public ServiceException(String code, String message) {
    super(message);
    this.code = code;
  }

  /**
   * As above, with what brought it to light; the cause's stack trace becomes the caller's debug
   * detail.
   */
  public ServiceException(String code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** The name of a rejection code. */
  public String code() {
    return code;
  }
}
