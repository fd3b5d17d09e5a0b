package dev.dragoman.models;

import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.format.Weights;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/** Lends out an encoder's scratch, and keeps the weights mapped while somebody has it. */
final class Sessions implements AutoCloseable {
  private final Encoder encoder;
  private final Weights weights;
  private final ConcurrentLinkedDeque<Encoder.Session> idle = new ConcurrentLinkedDeque<>();
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  Sessions(Encoder encoder, Weights weights) {
    this.encoder = encoder;
    this.weights = weights;
  }

  <T> T with(Function<Encoder.Session, T> work) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the model is closed");
      }
      Encoder.Session polled = idle.pollFirst();
      Encoder.Session session = polled == null ? encoder.session() : polled;
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
