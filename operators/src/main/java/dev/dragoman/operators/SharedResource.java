package dev.dragoman.operators;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is heavy (a model, a pool of processes), once per JVM: all who lease the same type under the
 * same key get the same object, and the last one to give its lease back closes it. Threads that
 * come while it is being opened wait for it; a failed opening is not remembered, so that the next
 * one tries again. The shared object must be safe for use by many threads.
 *
 * <pre>{@code
 * var embedder = SharedResource.lease(TextEmbedder.class, folder, () -> TextEmbedder.open(folder));
 * embedder.get().embed(texts);
 * embedder.close();
 * }</pre>
 */
public final class SharedResource {
  private static final ConcurrentMap<Key, Entry> OPEN = new ConcurrentHashMap<>();

  private SharedResource() {}

  /** Somebody's right to use a shared object, until closed. */
  public static final class Lease<R> implements AutoCloseable {
    private final R resource;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Lease(R resource, Runnable release) {
      this.resource = resource;
      this.release = release;
    }

    /**
     * The shared object.
     *
     * @throws IllegalStateException if the lease was given back
     */
    public R get() {
      if (closed.get()) {
        throw new IllegalStateException("the lease of " + resource + " was given back");
      }
      return resource;
    }

    /** Gives the lease back; a second time does nothing. */
    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        release.run();
      }
    }
  }

  /**
   * A lease of the object of this type under this key.
   *
   * @param type keeps the keys of different kinds of objects apart
   * @param key has value equality
   * @param open opens the object if nobody holds it; what it throws is thrown on
   */
  public static <R extends AutoCloseable> Lease<R> lease(
      Class<R> type, Object key, Supplier<? extends R> open) {
    Key whole = new Key(type, key);
    while (true) {
      Entry entry = OPEN.computeIfAbsent(whole, _ -> new Entry());
      R resource = entry.enter(whole, type, open);
      if (resource != null) {
        return new Lease<>(resource, () -> entry.leave(whole));
      }
    }
  }

  private record Key(Class<?> type, Object key) {}

  private static final class Entry {
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable AutoCloseable resource;
    private int users;
    private boolean gone;

    /** The object, or null if this entry was given up meanwhile. */
    <R extends AutoCloseable> @Nullable R enter(
        Key key, Class<R> type, Supplier<? extends R> open) {
      lock.lock();
      try {
        if (gone) {
          return null;
        }
        if (resource == null) {
          boolean opened = false;
          try {
            resource = open.get();
            opened = true;
          } finally {
            if (!opened) {
              giveUp(key);
            }
          }
        }
        users++;
        return type.cast(resource);
      } finally {
        lock.unlock();
      }
    }

    void leave(Key key) {
      lock.lock();
      try {
        users--;
        if (users > 0 || resource == null) {
          return;
        }
        try {
          resource.close();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("interrupted while closing " + key.key(), e);
        } catch (RuntimeException e) {
          throw e;
        } catch (Exception e) {
          throw new IllegalStateException("cannot close " + key.key(), e);
        } finally {
          resource = null;
          giveUp(key);
        }
      } finally {
        lock.unlock();
      }
    }

    private void giveUp(Key key) {
      gone = true;
      OPEN.remove(key, this);
    }
  }
}
