package dev.dragoman.jobs;

/** The exit codes people script against. */
final class ExitCode {
  /** Done; rejected documents are counted, not an error. */
  static final int DONE = 0;

  /** The job failed. */
  static final int FAILED = 1;

  /** The user's mistake: a flag, a recipe, a path. */
  static final int USAGE = 2;

  /** Done, but more documents were rejected than was allowed. */
  static final int TOO_MANY_REJECTED = 3;

  /** Stopped by the user. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
