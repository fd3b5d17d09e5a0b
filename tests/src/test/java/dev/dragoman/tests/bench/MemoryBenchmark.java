package dev.dragoman.tests.bench;

import dev.dragoman.tests.e2e.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the heap still holds after a full garbage collection, one every few seconds, while a recipe
 * goes over many tickets in a heap of 1 GiB. Ends with 1 if the job fails, or if the last third of
 * the run keeps more than a quarter more than the middle third.
 *
 * <p>Arguments: tickets (default 20000) and the recipe (default {@code default}).
 */
public final class MemoryBenchmark {
  private static final Pattern COLLECTED =
      Pattern.compile("^\\[([0-9.]+)s].*GC\\(\\d+\\) Pause Full .* (\\d+)M->(\\d+)M\\((\\d+)M\\)");
  private static final int WINDOWS = 12;

  private record Collection(double second, int kept) {}

  private MemoryBenchmark() {}

  /** Runs all of it. */
  public static void main(String[] args) throws Exception {
    int tickets = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
    Path work = Files.createTempDirectory("memory");
    Path file = work.resolve("tickets.jsonl");
    ManyTickets.write(file, tickets);
    Path log = work.resolve("gc.log");
    Process process =
        Cli.dragoman()
            .jvm("-Xmx1g", "-Xlog:gc:file=" + log)
            .start(
                work.resolve("out.txt"),
                work.resolve("err.txt"),
                "enrich",
                file.toString(),
                "--recipe",
                args.length > 1 ? args[1] : "default",
                "--out",
                work.resolve("out").toString());
    process.getOutputStream().close();
    long resident = 0;
    while (process.isAlive()) {
      resident = Math.max(resident, resident(process.pid()));
      collect(process.pid());
      process.waitFor(10, TimeUnit.SECONDS);
    }
    System.out.print(Files.readString(work.resolve("out.txt")));
    if (process.exitValue() != 0) {
      System.out.print(Files.readString(work.resolve("err.txt")));
      System.exit(1);
    }
    List<Collection> collections = collections(log);
    double end = collections.getLast().second();
    System.out.printf(
        "%nleast MiB of heap kept after a collection, in each twelfth of %.0f s:%n", end);
    int[] kept = new int[WINDOWS];
    for (int i = 0; i < WINDOWS; i++) {
      kept[i] = least(collections, end * i / WINDOWS, end * (i + 1) / WINDOWS);
      System.out.printf("%6d", kept[i]);
    }
    int middle = least(collections, end / 3, end * 2 / 3);
    int last = least(collections, end * 2 / 3, end + 1);
    System.out.printf(
        "%n%d collections; middle third %d MiB, last third %d MiB; most resident memory of the"
            + " main process %d MiB%n",
        collections.size(), middle, last, resident >> 10);
    System.exit(last <= middle * 5 / 4 ? 0 : 1);
  }

  private static List<Collection> collections(Path log) throws IOException {
    List<Collection> collections = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      Matcher matcher = COLLECTED.matcher(line);
      if (matcher.find()) {
        collections.add(
            new Collection(
                Double.parseDouble(matcher.group(1)), Integer.parseInt(matcher.group(3))));
      }
    }
    return collections;
  }

  private static int least(List<Collection> collections, double from, double to) {
    return collections.stream()
        .filter(one -> one.second() >= from && one.second() < to)
        .mapToInt(Collection::kept)
        .min()
        .orElse(0);
  }

  private static void collect(long pid) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.run")
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** In KiB. */
  private static long resident(long pid) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException e) {
      if (Files.exists(status)) {
        throw e;
      }
    }
    return 0;
  }
}
