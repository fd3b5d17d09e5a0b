package dev.dragoman.models;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Shares work out between the calling thread and some more. */
final class Team implements AutoCloseable {
  private final int size;
  private final ExecutorService others;

  Team(int size) {
    this.size = size;
    this.others =
        Executors.newFixedThreadPool(
            Math.max(1, size - 1),
            work -> {
              Thread thread = new Thread(work, "dragoman-engine");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Does the work for 0 to count - 1; each thread takes the next one when it is done with one. */
  void each(int count, IntConsumer work) {
    AtomicInteger next = new AtomicInteger();
    Runnable share =
        () -> {
          for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            work.accept(i);
          }
        };
    List<Future<?>> shares = new ArrayList<>();
    for (int i = 1; i < Math.min(size, count); i++) {
      shares.add(others.submit(share));
    }
    try {
      share.run();
    } finally {
      next.set(count);
      shares.forEach(Team::await);
    }
  }

  private static void await(Future<?> share) {
    try {
      share.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new CompletionException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  @Override
  public void close() {
    others.shutdown();
  }
}
