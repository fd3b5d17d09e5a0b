package dev.dragoman.models.kernel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that share small pieces of work with whoever calls, thousands of times a second: they
 * wait for the next round in a loop, and only go to sleep when none has come for a while. A round
 * allocates nothing. One caller has the team at a time; the others do their work themselves.
 */
final class WorkTeam implements AutoCloseable {
  /** Work in numbered pieces, which may be done in any order and by any thread. */
  interface Work {
    /**
     * Does a piece.
     *
     * @param thread that does it, from 0 to the team's size - 1
     */
    void piece(int piece, int thread);
  }

  /** How often a thread looks before it lets another one have the processor, or goes to sleep. */
  private static final int LOOKS = 2_000;

  private static final int ROUNDS_OF_LOOKS = 10;
  private static final int BITS = 20;
  private static final int MOST = (1 << BITS) - 1;

  /** The round, how many pieces it has, and which one is next: 24, 20 and 20 bits. */
  private final AtomicLong state = new AtomicLong();

  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger asleep = new AtomicInteger();
  private final AtomicBoolean taken = new AtomicBoolean();
  private final Thread[] others;
  private volatile boolean closed;
  private volatile Work work = (piece, thread) -> {};
  private volatile @Nullable Throwable failure;

  /**
   * Starts the threads.
   *
   * @param size how many work, the caller included
   */
  WorkTeam(int size) {
    others = new Thread[size - 1];
    for (int i = 0; i < others.length; i++) {
      int number = i + 1;
      others[i] =
          Thread.ofPlatform()
              .daemon()
              .name("dragoman-kernels-" + number)
              .unstarted(() -> {
                serve(number);
              });
    }
    for (Thread thread : others) {
      thread.start();
    }
  }

  /** How many work, the caller included. */
  int size() {
    return others.length + 1;
  }

  /** Takes the team, if nobody has it. */
  boolean take() {
    return !closed && taken.compareAndSet(false, true);
  }

  /** Gives it back. */
  void release() {
    taken.set(false);
  }

  /** Does pieces 0 to count - 1, with the team taken. What a piece throws is thrown here. */
  void run(int count, Work next) {
    if (count > MOST) {
      throw new IllegalArgumentException(count + " pieces");
    }
    work = next;
    done.set(0);
    long round = (state.get() >>> 2 * BITS) + 1;
    state.set(round << 2 * BITS | (long) count << BITS);
    if (asleep.get() > 0) {
      for (Thread thread : others) {
        LockSupport.unpark(thread);
      }
    }
    while (claim(0)) {}
    for (int looks = 0; done.get() < count; looks++) {
      pause(looks);
    }
    @Nullable Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      throw thrown instanceof RuntimeException cause ? cause : new IllegalStateException(thrown);
    }
  }

  private static void pause(int looks) {
    if (looks % LOOKS == LOOKS - 1) {
      Thread.yield();
    } else {
      Thread.onSpinWait();
    }
  }

  /** Does a piece, if there is one left. */
  private boolean claim(int thread) {
    long now = state.get();
    long count = now >>> BITS & MOST;
    long piece = now & MOST;
    if (piece >= count) {
      return false;
    }
    if (state.compareAndSet(now, now + 1)) {
      try {
        // The round cannot end before this piece has, so this is its work.
        work.piece((int) piece, thread);
      } catch (Throwable e) {
        failure = e;
      } finally {
        done.incrementAndGet();
      }
    }
    return true;
  }

  private void serve(int thread) {
    int looks = 0;
    while (!closed) {
      if (claim(thread)) {
        looks = 0;
      } else if (++looks < LOOKS * ROUNDS_OF_LOOKS) {
        pause(looks);
      } else {
        sleep();
        looks = 0;
      }
    }
  }

  private void sleep() {
    asleep.incrementAndGet();
    long now = state.get();
    // Looked at again after this thread is known to be asleep: a round that began before is seen.
    if ((now & MOST) >= (now >>> BITS & MOST) && !closed) {
      LockSupport.park(this);
    }
    asleep.decrementAndGet();
  }

  /** Ends the threads; the one who has the team can still finish with it. */
  @Override
  public void close() {
    closed = true;
    for (Thread thread : others) {
      LockSupport.unpark(thread);
    }
  }
}
