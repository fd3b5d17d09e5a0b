package dev.dragoman.models;

import dev.dragoman.models.format.Weights;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;

/** Lends out a model's scratch, and keeps the weights mapped while somebody has it. */
final class Sessions<S> implements AutoCloseable {
  private final Supplier<S> create;
  private final Weights weights;
  private final ConcurrentLinkedDeque<S> idle = new ConcurrentLinkedDeque<>();
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  Sessions(Supplier<S> create, Weights weights) {
    this.create = create;
    this.weights = weights;
  }

  <T> T with(Function<S, T> work) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the model is closed");
      }
      S polled = idle.pollFirst();
      S session = polled == null ? create.get() : polled;
      T result = work.apply(session);
      idle.addFirst(session);
      return result;
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        idle.clear();
        weights.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
