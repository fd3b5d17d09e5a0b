package dev.dragoman.multimodal.worker;

/** The marks of the frames between a pool and a worker process. */
final class Wire {
  /** The worker's first four bytes, once its service is constructed. */
  static final int READY = 0xD2A60031;

  /** The payload is the service's answer. */
  static final int ANSWER = 0;

  /** The payload is code, message and detail of a failure, each as an int length and UTF-8. */
  static final int FAILURE = 1;

  /** As {@link #FAILURE}; the process is in doubt and wants to be replaced. */
  static final int FATAL = 2;

  /** Largest frame; a longer one is taken for a corrupted stream. */
  static final int MAX_FRAME = 1 << 30;

  /** Exit status of a JVM with {@code -XX:+ExitOnOutOfMemoryError}. */
  static final int EXIT_OUT_OF_MEMORY = 3;

  private Wire() {}
}
