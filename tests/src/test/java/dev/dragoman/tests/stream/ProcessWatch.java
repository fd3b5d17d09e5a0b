package dev.dragoman.tests.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What processes take of the machine, looked at again and again, from Linux's {@code /proc}. */
final class ProcessWatch implements AutoCloseable {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

  private final SortedMap<String, Long> processes;
  private final SortedMap<String, List<Sample>> samples = new TreeMap<>();
  private final Thread thread;

  /**
   * One look at one process.
   *
   * @param residentMb memory
   * @param cpuSeconds since its start
   */
  record Sample(Instant at, long residentMb, int threads, int files, double cpuSeconds) {}

  private ProcessWatch(SortedMap<String, Long> processes, Duration every) {
    this.processes = processes;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                while (true) {
                  look();
                  TimeUnit.MILLISECONDS.sleep(every.toMillis());
                }
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /** Watches processes by names of one's own. */
  static ProcessWatch of(SortedMap<String, Long> processes, Duration every) {
    return new ProcessWatch(processes, every);
  }

  /** One look. */
  static Sample look(long pid) {
    Path proc = Path.of("/proc", Long.toString(pid));
    try {
      long resident = 0;
      int threads = 0;
      for (String line : Files.readAllLines(proc.resolve("status"))) {
        if (line.startsWith("VmRSS:")) {
          resident = Long.parseLong(line.replaceAll("\\D", "")) / 1024;
        } else if (line.startsWith("Threads:")) {
          threads = Integer.parseInt(line.replaceAll("\\D", ""));
        }
      }
      String stat = Files.readString(proc.resolve("stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      double cpu = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
      try (Stream<Path> files = Files.list(proc.resolve("fd"))) {
        return new Sample(Instant.now(), resident, threads, (int) files.count(), cpu);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What the objects of a JVM take of its heap, in MiB, after a collection of all garbage.
   *
   * @throws IOException if it is no JVM, or has ended
   */
  static double liveMb(long pid) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
    Matcher total = TOTAL.matcher(said);
    if (jcmd.waitFor() != 0 || !total.find()) {
      throw new IOException("jcmd told nothing of process " + pid + ": " + said);
    }
    return Long.parseLong(total.group(1)) / (double) (1 << 20);
  }

  private synchronized void look() {
    processes.forEach((name, pid) -> {
      try {
        samples.computeIfAbsent(name, _ -> new ArrayList<>()).add(look(pid));
      } catch (UncheckedIOException _) {
        // It has ended; what was seen of it stays.
        Thread.onSpinWait();
      }
    });
  }

  /** What was seen of each, in order. */
  synchronized SortedMap<String, List<Sample>> samples() {
    SortedMap<String, List<Sample>> copy = new TreeMap<>();
    samples.forEach((name, seen) -> copy.put(name, List.copyOf(seen)));
    return copy;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
