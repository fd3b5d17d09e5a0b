package dev.dragoman.multimodal.worker;

/**
 * The process got a signal that no code of its own sends, or could not be started at all: the
 * request may do well in another.
 */
final class KilledException extends WorkerException {
  private static final long serialVersionUID = 1;

  KilledException(String code, String message, String detail) {
    super(code, message, detail);
  }
}
