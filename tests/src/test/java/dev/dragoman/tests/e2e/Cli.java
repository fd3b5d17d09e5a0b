package dev.dragoman.tests.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The command line, run as users run it: in a process of its own. */
public final class Cli {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path REPOSITORY =
      Path.of(System.getProperty("basedir", "."), "..").toAbsolutePath().normalize();
  private static final long MINUTES = 10;

  private final Map<String, String> environment = new TreeMap<>();
  private final List<String> jvm = new ArrayList<>();
  private final List<String> before = new ArrayList<>();
  private boolean vectors = true;
  private Path folder = REPOSITORY;
  private String input = "";

  /** What a command did. */
  public record Result(int code, String out, String err) {
    /** Every line of its output as JSON. */
    public List<JsonNode> json() {
      return out.lines().filter(line -> !line.isBlank()).map(Cli::parse).toList();
    }
  }

  /** The root of the repository. */
  public static Path repository() {
    return REPOSITORY;
  }

  /** The model cache that all tests of this module share; each model is pulled once. */
  public static Path modelHome() {
    String given = System.getenv("DRAGOMAN_HOME");
    return given != null && !given.isEmpty()
        ? Path.of(given)
        : REPOSITORY.resolve("tests/target/dragoman-home");
  }

  /** A command in the root of the repository with the shared model cache. */
  public static Cli dragoman() {
    return new Cli().with("DRAGOMAN_HOME", modelHome().toString());
  }

  /** With this environment variable. */
  public Cli with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** With these options of the JVM. */
  public Cli jvm(String... options) {
    jvm.addAll(List.of(options));
    return this;
  }

  /** Without the module that the vector kernels need. */
  public Cli withoutVectors() {
    vectors = false;
    return this;
  }

  /** With all its processes on these cores only, a list as {@code taskset} takes it. */
  public Cli onCores(String cores) {
    before.addAll(List.of("taskset", "-c", cores));
    return this;
  }

  /** Heeding an interrupt, even where whoever runs the tests does not. */
  public Cli interruptible() {
    before.addAll(List.of("env", "--default-signal=INT"));
    return this;
  }

  /** In this folder. */
  public Cli in(Path working) {
    folder = working;
    return this;
  }

  /** With this on standard input. */
  public Cli reading(String text) {
    input = text;
    return this;
  }

  /** Runs it to its end. */
  public Result run(String... arguments) {
    try {
      Path out = Files.createTempFile("cli", ".out");
      Path err = Files.createTempFile("cli", ".err");
      Process process = start(out, err, arguments);
      process.getOutputStream().write(input.getBytes(UTF_8));
      process.getOutputStream().close();
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError(
            String.join(" ", arguments) + " took more than " + MINUTES + " minutes");
      }
      Result result = new Result(process.exitValue(), Files.readString(out), Files.readString(err));
      Files.delete(out);
      Files.delete(err);
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Starts it and leaves it running. */
  public Process start(Path out, Path err, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (vectors) {
      command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    }
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "-Djava.awt.headless=true",
            "-Dfile.encoding=UTF-8",
            "-Xmx1500m",
            "-XX:+UseParallelGC"));
    command.addAll(jvm);
    command.add("dev.dragoman.jobs.Main");
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder
        .environment()
        .put("XDG_CONFIG_HOME", REPOSITORY.resolve("tests/target/no-config").toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + line, e);
    }
  }
}
