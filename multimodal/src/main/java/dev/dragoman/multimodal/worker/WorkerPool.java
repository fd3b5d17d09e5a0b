package dev.dragoman.multimodal.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Worker processes of one {@link WorkerSpec}, started when they are first needed. Thread-safe:
 * callers beyond the pool's size wait. A request that kills its process, hangs or runs out of
 * memory costs that request only; the next one gets a fresh process. One whose process is killed
 * from outside, or cannot be started, is done again, once. Processes end when they have been idle
 * for a minute, when they are an hour old, when the pool is closed and when this JVM ends, however
 * it ends.
 */
public final class WorkerPool implements AutoCloseable {
  private static final Duration MAX_IDLE = Duration.ofMinutes(1);
  private static final Duration MAX_AGE = Duration.ofHours(1);
  private static final Map<WorkerSpec, Shared> SHARED = new HashMap<>();

  private final Crew crew;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  private WorkerPool(Crew crew, Runnable release) {
    this.crew = crew;
    this.release = release;
  }

  /** A pool of one's own. */
  public static WorkerPool open(WorkerSpec spec) {
    return open(spec, MAX_IDLE, MAX_AGE);
  }

  static WorkerPool open(WorkerSpec spec, Duration maxIdle, Duration maxAge) {
    Crew crew = new Crew(spec, maxIdle, maxAge);
    return new WorkerPool(crew, crew::close);
  }

  /** The pool of this spec in this JVM, which ends when everyone who asked for it has closed it. */
  public static WorkerPool shared(WorkerSpec spec) {
    synchronized (SHARED) {
      Shared shared =
          SHARED.computeIfAbsent(spec, key -> new Shared(new Crew(key, MAX_IDLE, MAX_AGE)));
      shared.users++;
      return new WorkerPool(shared.crew, () -> release(spec));
    }
  }

  private static void release(WorkerSpec spec) {
    synchronized (SHARED) {
      Shared shared = SHARED.get(spec);
      if (shared != null && --shared.users == 0) {
        SHARED.remove(spec);
        shared.crew.close();
      }
    }
  }

  /**
   * Hands the request to a free process, or waits for one, and returns its answer.
   *
   * @throws WorkerException if there is no answer; see there for the codes
   * @throws IllegalStateException if the pool is closed
   */
  public byte[] call(byte[] request) throws WorkerException {
    if (closed.get()) {
      throw new IllegalStateException("the worker pool is closed");
    }
    return crew.call(request);
  }

  /** Process ids of the workers alive now. */
  Set<Long> pids() {
    return crew.pids();
  }

  /** Ends the processes, or this user's share in them. Closing twice does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }

  private static final class Shared {
    private final Crew crew;
    private int users;

    Shared(Crew crew) {
      this.crew = crew;
    }
  }

  /** The processes behind one or more handles. */
  private static final class Crew {
    private final WorkerSpec spec;
    private final Duration maxAge;
    private final Semaphore places;
    private final Path folder;
    private final Launch launch;
    private final Deque<Worker> idle = new ArrayDeque<>();
    private final Set<Worker> all = new HashSet<>();
    private final ScheduledExecutorService sweeper;
    private final Thread atExit = new Thread(this::stop, "worker-pool-exit");
    private long started;
    private boolean closed;

    Crew(WorkerSpec spec, Duration maxIdle, Duration maxAge) {
      this.spec = spec;
      this.maxAge = maxAge;
      this.places = new Semaphore(spec.size(), true);
      try {
        this.folder = Files.createTempDirectory(Folders.PREFIX);
        this.launch = new Launch(spec, folder);
      } catch (IOException e) {
        throw new IllegalStateException(
            "no folder for worker processes in "
                + System.getProperty("java.io.tmpdir")
                + ": "
                + e.getMessage(),
            e);
      }
      this.sweeper =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().daemon().name("worker-pool-sweeper").factory());
      long millis = Math.clamp(maxIdle.toMillis() / 4, 50, 10_000);
      var _ =
          sweeper.scheduleWithFixedDelay(
              () -> sweep(maxIdle), millis, millis, TimeUnit.MILLISECONDS);
      Runtime.getRuntime().addShutdownHook(atExit);
    }

    byte[] call(byte[] request) throws WorkerException {
      try {
        places.acquire();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new WorkerException(
            "INTERNAL", "the job was stopped while it waited for a worker process");
      }
      try {
        try {
          return callOnce(request);
        } catch (KilledException _) {
          return callOnce(request);
        }
      } finally {
        places.release();
      }
    }

    private byte[] callOnce(byte[] request) throws WorkerException {
      Worker worker = take();
      try {
        return worker.call(request);
      } finally {
        giveBack(worker);
      }
    }

    private Worker take() throws WorkerException {
      List<Worker> dead = new ArrayList<>();
      Worker found = null;
      Path temporary;
      synchronized (this) {
        ensureOpen();
        while (found == null && !idle.isEmpty()) {
          Worker candidate = idle.pop();
          if (candidate.usable(maxAge)) {
            found = candidate;
          } else {
            all.remove(candidate);
            dead.add(candidate);
          }
        }
        temporary = folder.resolve("worker-" + ++started);
      }
      dead.forEach(Worker::kill);
      if (found != null) {
        return found;
      }
      Worker fresh = Worker.start(spec, launch, temporary);
      synchronized (this) {
        if (!closed) {
          all.add(fresh);
          return fresh;
        }
      }
      fresh.kill();
      throw new IllegalStateException("the worker pool is closed");
    }

    private void giveBack(Worker worker) {
      boolean keep = worker.usable(maxAge);
      synchronized (this) {
        if (keep && !closed) {
          worker.rest();
          idle.push(worker);
          return;
        }
        all.remove(worker);
      }
      worker.kill();
    }

    private void sweep(Duration maxIdle) {
      List<Worker> tired = new ArrayList<>();
      synchronized (this) {
        idle.removeIf(
            worker -> (worker.idleFor(maxIdle) || !worker.usable(maxAge)) && tired.add(worker));
        tired.forEach(all::remove);
      }
      tired.forEach(Worker::kill);
    }

    private void ensureOpen() {
      if (closed) {
        throw new IllegalStateException("the worker pool is closed");
      }
    }

    synchronized Set<Long> pids() {
      Set<Long> pids = new HashSet<>();
      all.forEach(worker -> pids.add(worker.pid()));
      return pids;
    }

    void close() {
      try {
        Runtime.getRuntime().removeShutdownHook(atExit);
      } catch (IllegalStateException e) {
        return; // the JVM is ending and the hook does the rest
      }
      stop();
    }

    private void stop() {
      sweeper.shutdownNow();
      List<Worker> last;
      synchronized (this) {
        closed = true;
        last = List.copyOf(all);
        all.clear();
        idle.clear();
      }
      last.forEach(Worker::kill);
      Folders.delete(folder);
    }
  }
}
