package dev.dragoman.models.generate;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** A text that is being generated. Safe for use by many threads. */
public final class Generation {
  private final CompletableFuture<Generated> result = new CompletableFuture<>();
  private volatile boolean cancelled;

  Generation() {}

  /**
   * Waits for the end.
   *
   * @throws dev.dragoman.models.ModelException if no token can follow
   * @throws IllegalStateException if the generator was closed before
   */
  public Generated get() throws InterruptedException {
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new CompletionException(e);
    }
  }

  /** Whether it has come to its end. */
  public boolean isDone() {
    return result.isDone();
  }

  /** Ends it after the step that is under way; {@link #get} gives what there is then. */
  public void cancel() {
    cancelled = true;
  }

  boolean cancelled() {
    return cancelled;
  }

  void complete(Generated generated) {
    result.complete(generated);
  }

  void fail(Throwable failure) {
    result.completeExceptionally(failure);
  }
}
