package dev.dragoman.jobs;

/** A Flink cluster did not take a job, or did not finish it; the message says what to do. */
final class ClusterException extends Exception {
  private static final long serialVersionUID = 1;

  ClusterException(String message) {
    super(message);
  }

  ClusterException(String message, Throwable cause) {
    super(message, cause);
  }
}
