package dev.dragoman.tests.corpus;

import dev.dragoman.multimodal.read.Entry;
import dev.dragoman.multimodal.read.FileReader;
import dev.dragoman.multimodal.read.Problem;
import dev.dragoman.multimodal.read.ReadLimits;
import dev.dragoman.multimodal.read.ReadResult;
import dev.dragoman.multimodal.worker.WorkerException;
import dev.dragoman.multimodal.worker.WorkerSpec;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Reads every file of a folder and accounts for each: as read, or as refused with a code and a
 * message. Contained files are read too, down to a depth.
 *
 * <p>Arguments: the folder; then, as wanted, {@code --depth N} (default 0: the files only), {@code
 * --list} (a line a file), {@code --limit SECONDS} (a file, default 60), {@code --workers N}. Ends
 * with status 1 if a file ended as {@code INTERNAL} or if a message is missing.
 */
public final class ReadCorpus {
  private final FileReader reader;
  private final int depth;

  private ReadCorpus(FileReader reader, int depth) {
    this.reader = reader;
    this.depth = depth;
  }

  private record Line(
      String name,
      String code,
      String mediaType,
      String message,
      long millis,
      int characters,
      int entries,
      int scanned) {}

  /** See the class. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, ExecutionException {
    Path folder = Path.of(arguments[0]);
    List<String> flags = List.of(arguments).subList(1, arguments.length);
    int workers =
        number(flags, "--workers", Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4));
    WorkerSpec defaults = FileReader.defaultSpec();
    WorkerSpec spec =
        new WorkerSpec(
            defaults.service(),
            workers,
            defaults.maxHeapMb(),
            Duration.ofSeconds(number(flags, "--limit", 60)),
            defaults.maxRequests(),
            defaults.maxResidentMb(),
            List.of());
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    long start = System.nanoTime();
    List<Line> lines = new ArrayList<>();
    try (FileReader reader = FileReader.open(spec);
        ExecutorService callers = Executors.newFixedThreadPool(workers)) {
      ReadCorpus corpus = new ReadCorpus(reader, number(flags, "--depth", 0));
      List<Callable<List<Line>>> calls = new ArrayList<>();
      for (Path file : files) {
        calls.add(() -> corpus.read(file, folder.relativize(file).toString(), 0));
      }
      for (Future<List<Line>> line : callers.invokeAll(calls)) {
        lines.addAll(line.get());
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    if (flags.contains("--list")) {
      lines.forEach(line -> out.println(describe(line)));
    }
    System.exit(report(out, lines, files.size(), seconds) ? 0 : 1);
  }

  private static int number(List<String> flags, String name, int otherwise) {
    int at = flags.indexOf(name);
    return at < 0 ? otherwise : Integer.parseInt(flags.get(at + 1));
  }

  private List<Line> read(Path file, String name, int level) throws IOException {
    List<Line> lines = new ArrayList<>();
    long start = System.nanoTime();
    try {
      ReadResult result = reader.read(file, file.getFileName().toString(), ReadLimits.defaults());
      String problems =
          String.join("; ", result.problems().stream().map(ReadCorpus::describe).toList());
      lines.add(
          new Line(
              name,
              "ok",
              result.mediaType(),
              problems,
              millis(start),
              result.text().length(),
              result.entries().size(),
              result.scannedPages().size()));
      if (level < depth) {
        for (Entry entry : result.entries()) {
          lines.addAll(readEntry(entry, name, level + 1));
        }
      }
    } catch (WorkerException e) {
      String detail = e.code().equals("INTERNAL") ? "\n" + e.detail() : "";
      lines.add(new Line(name, e.code(), "", e.getMessage() + detail, millis(start), 0, 0, 0));
    }
    return lines;
  }

  private List<Line> readEntry(Entry entry, String container, int level) throws IOException {
    Path copy =
        Files.createTempFile(
            "dragoman-corpus-",
            "-" + Path.of(entry.path()).getFileName().toString().replaceAll("[^\\w.]", "_"));
    try {
      Files.write(copy, entry.bytes());
      return read(copy, container + "!" + entry.path(), level);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private static long millis(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private static String describe(Problem problem) {
    return problem.code() + " " + problem.entry() + " " + problem.message();
  }

  private static String describe(Line line) {
    return String.join(
        "\t",
        line.code,
        Long.toString(line.millis),
        line.name,
        line.mediaType,
        Integer.toString(line.characters),
        Integer.toString(line.entries),
        Integer.toString(line.scanned),
        line.message);
  }

  private static boolean report(PrintStream out, List<Line> lines, int files, double seconds) {
    Map<String, Integer> codes = new TreeMap<>();
    lines.forEach(line -> codes.merge(line.code, 1, Integer::sum));
    out.printf(
        Locale.ROOT,
        "%d files, %d with what they contain, in %.1f s: %.1f files/s%n",
        files,
        lines.size(),
        seconds,
        lines.size() / seconds);
    codes.forEach((code, count) -> out.printf(Locale.ROOT, "%6d %s%n", count, code));
    out.println("slowest:");
    lines.stream()
        .sorted(Comparator.comparingLong(Line::millis).reversed())
        .limit(10)
        .forEach(
            line -> out.printf(Locale.ROOT, "%6d ms %s %s%n", line.millis, line.code, line.name));
    List<Line> bad =
        lines.stream()
            .filter(line ->
                line.code.equals("INTERNAL") || (!line.code.equals("ok") && line.message.isBlank()))
            .toList();
    bad.forEach(line -> out.println("BAD: " + describe(line)));
    return bad.isEmpty() && lines.size() >= files;
  }
}
