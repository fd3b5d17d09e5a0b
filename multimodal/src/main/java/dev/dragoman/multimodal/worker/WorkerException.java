package dev.dragoman.multimodal.worker;

/**
 * A request that got no answer. The code is {@code TIMEOUT}, {@code OUT_OF_MEMORY}, {@code
 * WORKER_CRASHED}, {@code INTERNAL}, or whatever code the service's {@link ServiceException}
 * carried. The pool stays usable.
 */
public sealed class WorkerException extends Exception permits KilledException {
  private static final long serialVersionUID = 1;

  private final String code;
  private final String detail;

  /** A failure with nothing more to say than its message. */
  public WorkerException(String code, String message) {
    this(code, message, "");
  }

  /**
   * A failure.
   *
   * @param code the name of a rejection code
   * @param message for a person: what is wrong and what to do
   * @param detail for a developer: the last lines of the worker's standard error, or a stack trace;
   *     may be empty
   */
  public WorkerException(String code, String message, String detail) {
    super(message);
    this.code = code;
    this.detail = detail;
  }

  /** The name of a rejection code. */
  public final String code() {
    return code;
  }

  /**
   * What a developer wants to see: the last lines of the worker's standard error, or a stack trace;
   * may be empty.
   */
  public final String detail() {
    return detail;
  }
}
