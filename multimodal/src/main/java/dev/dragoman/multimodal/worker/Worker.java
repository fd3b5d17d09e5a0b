package dev.dragoman.multimodal.worker;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One worker process, used by one caller at a time. */
final class Worker {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final int TAIL_BYTES = 8192;

  /** How a JVM names the signal that ended it; it then exits with 1 and no core. */
  private static final Pattern FATAL_SIGNAL =
      Pattern.compile(
          "fatal error has been detected by the Java Runtime Environment:[\\s#]*(SIG[A-Z]+)");

  private final WorkerSpec spec;
  private final Process process;
  private final Path temporary;
  private final DataOutputStream requests;
  private final DataInputStream answers;
  private final ExecutorService exchange;
  private final Thread drain;
  private final byte[] tail = new byte[TAIL_BYTES];
  private long tailLength;
  private final long started = System.nanoTime();
  private int served;
  private boolean worn;
  private volatile long idleSince = System.nanoTime();

  private Worker(WorkerSpec spec, Process process, Path temporary) {
    this.spec = spec;
    this.process = process;
    this.temporary = temporary;
    this.requests = new DataOutputStream(process.getOutputStream());
    this.answers = new DataInputStream(process.getInputStream());
    String name = "worker-" + process.pid();
    this.exchange =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
    this.drain = Thread.ofPlatform().daemon().name(name + "-stderr").start(this::drain);
  }

  /** Starts a process and waits until its service is ready. */
  static Worker start(WorkerSpec spec, Launch launch, Path temporary) throws WorkerException {
    Worker worker;
    try {
      Files.createDirectories(temporary);
      worker = new Worker(spec, launch.start(temporary), temporary);
    } catch (IOException e) {
      // Also when it is killed in the moment before it becomes another program.
      throw new KilledException(
          "INTERNAL",
          "a worker process for " + spec.service().getSimpleName() + " could not be started, twice",
          String.valueOf(e.getMessage()));
    }
    try {
      int mark = worker.await(worker.answers::readInt, START_LIMIT, Long.MAX_VALUE);
      if (mark != Wire.READY) {
        throw new WorkerException(
            "INTERNAL", "the worker process wrote something else than answers", worker.lastWords());
      }
      return worker;
    } catch (KilledException e) {
      worker.kill();
      throw e;
    } catch (WorkerException e) {
      worker.kill();
      throw new WorkerException(
          "INTERNAL",
          "the worker process for "
              + spec.service().getSimpleName()
              + " did not start: "
              + e.getMessage(),
          e.detail());
    }
  }

  /**
   * Sends one request and waits for its answer. After a {@link WorkerException} ask {@link
   * #usable}.
   */
  byte[] call(byte[] request) throws WorkerException {
    served++;
    Frame frame =
        await(
            () -> {
              requests.writeInt(request.length);
              requests.write(request);
              requests.flush();
              int kind = answers.readUnsignedByte();
              int length = answers.readInt();
              if (kind > Wire.FATAL || length < 0 || length > Wire.MAX_FRAME) {
                throw new IOException("not a frame: kind " + kind + ", length " + length);
              }
              byte[] payload = answers.readNBytes(length);
              if (payload.length < length) {
                throw new IOException("the answer breaks off");
              }
              return new Frame(kind, payload);
            },
            spec.timeLimit(),
            2 * spec.maxResidentMb());
    return switch (frame.kind) {
      case Wire.ANSWER -> frame.payload;
      case Wire.FATAL -> {
        worn = true;
        throw failure(frame.payload);
      }
      default -> throw failure(frame.payload);
    };
  }

  private record Frame(int kind, byte[] payload) {}

  @FunctionalInterface
  private interface Exchange<T> {
    T run() throws IOException;
  }

  /**
   * Runs the exchange on the worker's own thread, so that the caller can give up waiting; kills the
   * process if it does, or if its resident memory grows beyond {@code mostMb}.
   */
  private <T> T await(Exchange<T> work, Duration limit, long mostMb) throws WorkerException {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      exchange.execute(() -> {
        try {
          result.complete(work.run());
        } catch (IOException | RuntimeException | Error e) {
          result.completeExceptionally(e);
        }
      });
    } catch (RejectedExecutionException e) {
      throw new WorkerException(
          "INTERNAL", "the worker pool was closed while a request was on its way");
    }
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      while (true) {
        long left = deadline - System.nanoTime();
        try {
          return result.get(Math.clamp(left, 0, TimeUnit.SECONDS.toNanos(1)), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          if (deadline - System.nanoTime() <= 0) {
            kill();
            throw new WorkerException(
                "TIMEOUT",
                "it took longer than "
                    + seconds(limit)
                    + " and was stopped; raise the time limit to wait longer",
                lastWords());
          }
          if (residentMb() > mostMb) {
            kill();
            throw outOfMemory();
          }
        }
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
      throw new WorkerException("INTERNAL", "the job was stopped while a worker process was busy");
    } catch (ExecutionException e) {
      WorkerException death = death(e);
      kill();
      throw death;
    }
  }

  /** Why the pipe broke. */
  private WorkerException death(ExecutionException broken) {
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        return new WorkerException(
            "WORKER_CRASHED",
            "the worker process answered nonsense and was stopped",
            broken.getMessage() + "\n" + lastWords());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String words = lastWords();
    int exit = process.isAlive() ? -1 : process.exitValue();
    if (exit == Wire.EXIT_OUT_OF_MEMORY && words.contains("OutOfMemoryError")) {
      return outOfMemory();
    }
    if (exit == 128 + 9 || exit == 128 + 15) {
      return new KilledException(
          "WORKER_CRASHED",
          "the worker process was killed from outside (signal "
              + (exit - 128)
              + "), and so was the one before it, perhaps by the system for want of memory",
          words);
    }
    Matcher signal = FATAL_SIGNAL.matcher(words);
    String how = signal.find() ? "crashed in native code (" + signal.group(1) + ")" : ended(exit);
    return new WorkerException("WORKER_CRASHED", "the worker process " + how, words);
  }

  private static String ended(int exit) {
    return switch (exit) {
      case 128 + 11, 128 + 6, 128 + 7, 128 + 8, 128 + 4 ->
          "crashed in native code (signal " + (exit - 128) + ")";
      default ->
          exit > 128
              ? "was killed by signal " + (exit - 128)
              : "ended by itself with status " + exit;
    };
  }

  private WorkerException outOfMemory() {
    return new WorkerException(
        "OUT_OF_MEMORY",
        "it needs more memory than a worker process may have (" + spec.maxHeapMb() + " MB of heap)",
        lastWords());
  }

  private static WorkerException failure(byte[] payload) {
    ByteBuffer in = ByteBuffer.wrap(payload);
    return new WorkerException(string(in), string(in), string(in));
  }

  private static String string(ByteBuffer in) {
    byte[] utf8 = new byte[in.getInt()];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static String seconds(Duration limit) {
    return limit.toMillis() < 1000 ? limit.toMillis() + " ms" : limit.toSeconds() + " s";
  }

  /** Whether the process may have another request. */
  boolean usable(Duration maxAge) {
    return process.isAlive()
        && !exchange.isShutdown()
        && !worn
        && served < spec.maxRequests()
        && System.nanoTime() - started < maxAge.toNanos()
        && residentMb() <= spec.maxResidentMb();
  }

  void rest() {
    idleSince = System.nanoTime();
  }

  boolean idleFor(Duration time) {
    return System.nanoTime() - idleSince >= time.toNanos();
  }

  long pid() {
    return process.pid();
  }

  /** Resident memory in MiB as Linux tells it; 0 where it does not. */
  private long residentMb() {
    try {
      for (String line :
          Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }

  /** Ends the process and everything it started, and removes its files. */
  void kill() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    exchange.shutdown();
    try {
      process.waitFor(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Folders.delete(temporary);
  }

  private void drain() {
    try (InputStream in = process.getErrorStream()) {
      byte[] buffer = new byte[4096];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        synchronized (tail) {
          for (int i = 0; i < n; i++) {
            tail[(int) (tailLength++ % TAIL_BYTES)] = buffer[i];
          }
        }
      }
    } catch (IOException e) {
      return;
    }
  }

  /** The end of what the process wrote to its standard error. */
  private String lastWords() {
    try {
      drain.join(Duration.ofMillis(500));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (tail) {
      int length = (int) Math.min(tailLength, TAIL_BYTES);
      byte[] ordered = new byte[length];
      for (int i = 0; i < length; i++) {
        ordered[i] = tail[(int) ((tailLength - length + i) % TAIL_BYTES)];
      }
      return new String(ordered, StandardCharsets.UTF_8).strip();
    }
  }
}
