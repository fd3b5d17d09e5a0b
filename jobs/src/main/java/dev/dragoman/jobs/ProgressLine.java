package dev.dragoman.jobs;

import dev.dragoman.pipelines.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Tells on standard error how far the graph is: one line that is written over on a terminal, a log
 * line every ten seconds elsewhere.
 */
final class ProgressLine implements AutoCloseable {
  private static final String CLEAR = "\r\u001b[K";

  private final PrintStream err;
  private final boolean terminal;
  private final Supplier<Progress.Snapshot> progress;
  private final long started = System.nanoTime();
  private final Thread thread;

  ProgressLine(PrintStream err, boolean terminal, Supplier<Progress.Snapshot> progress) {
    this.err = err;
    this.terminal = terminal;
    this.progress = progress;
    this.thread = Thread.ofPlatform().daemon().name("progress").start(this::tell);
  }

  /** Whether standard error is one; the launcher looks, since the JVM cannot. */
  static boolean onTerminal() {
    return Boolean.getBoolean("dragoman.terminal");
  }

  /** Whether standard output is one. */
  static boolean outputOnTerminal() {
    return Boolean.getBoolean("dragoman.terminal.out");
  }

  private void tell() {
    Duration pause = terminal ? Duration.ofMillis(500) : Duration.ofSeconds(10);
    try {
      while (true) {
        Thread.sleep(pause);
        String line = line(progress.get(), elapsed());
        if (terminal) {
          err.print(CLEAR + line);
          err.flush();
        } else {
          err.println(line);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private double elapsed() {
    return (System.nanoTime() - started) / 1e9;
  }

  static String line(Progress.Snapshot now, double seconds) {
    if (now.found() == 0) {
      return "starting ... " + time(seconds);
    }
    StringBuilder line = new StringBuilder();
    line.append(now.written()).append(" of ").append(now.found()).append(" documents done");
    if (now.written() < now.found() && !now.step().isEmpty()) {
      line.append(", ").append(now.inStep()).append(" past ").append(now.step());
    }
    line.append(", ").append(now.rejected()).append(" rejected");
    double rate = now.written() / Math.max(seconds, 1e-3);
    if (now.written() > 0) {
      line.append(String.format(Locale.ROOT, ", %.1f/s", rate));
    }
    line.append(", ").append(time(seconds));
    if (now.fraction() > 0.02 && now.fraction() < 1) {
      line.append(", about ")
          .append(time(seconds * (1 - now.fraction()) / now.fraction()))
          .append(" left");
    }
    return line.toString();
  }

  private static String time(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60
        ? whole + " s"
        : whole < 3600
            ? String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60)
            : String.format(Locale.ROOT, "%d:%02d h", whole / 3600, whole % 3600 / 60);
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(1000);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (terminal) {
      err.print(CLEAR);
      err.flush();
    }
  }
}
