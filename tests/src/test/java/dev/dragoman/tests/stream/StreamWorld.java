package dev.dragoman.tests.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.jobs.cluster.LocalCluster;
import dev.dragoman.tests.e2e.Cli;
import dev.dragoman.tests.kafka.KafkaBroker;
import dev.dragoman.tests.opensearch.OpenSearchServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A broker, a search server and a cluster, each of real processes, and one stream on them. */
final class StreamWorld implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final int FIRST_METRICS_PORT = 19_250;
  private static final int LAST_METRICS_PORT = 19_290;

  private final Path folder;
  private final KafkaBroker broker;
  private final @Nullable OpenSearchServer searchServer;
  private int taskManagers;
  private final int slots;
  private final Map<String, String> environment;
  private LocalCluster cluster;
  private List<Path> release;
  private String job = "";

  private StreamWorld(
      Path folder,
      KafkaBroker broker,
      @Nullable OpenSearchServer searchServer,
      int taskManagers,
      int slots,
      List<Path> release,
      Map<String, String> environment,
      LocalCluster cluster) {
    this.folder = folder;
    this.taskManagers = taskManagers;
    this.slots = slots;
    this.release = List.copyOf(release);
    this.environment = Map.copyOf(environment);
    this.broker = broker;
    this.searchServer = searchServer;
    this.cluster = cluster;
  }

  /** Starts everything; the stream comes later. */
  static StreamWorld start(Path folder, int taskManagers, int slots, int heapMb, boolean withSearch)
      throws Exception {
    return start(folder, taskManagers, slots, heapMb, withSearch, "127.0.0.1", Map.of(), Map.of());
  }

  /** One whose processes know more than those of this repository's modules, as variables say. */
  static StreamWorld start(Path folder, List<Path> classPath, Map<String, String> environment)
      throws Exception {
    return start(folder, 1, 1, 900, false, "127.0.0.1", Map.of(), environment, classPath);
  }

  /** One whose processes have all of their heaps in memory from the beginning. */
  static StreamWorld startTouched(Path folder, int taskManagers, int slots, int heapMb)
      throws Exception {
    return start(
        folder,
        taskManagers,
        slots,
        heapMb,
        false,
        "127.0.0.1",
        Map.of(),
        Map.of("JDK_JAVA_OPTIONS", "-XX:+AlwaysPreTouch"));
  }

  /** The same at another address of this machine, with other settings of Flink and variables. */
  static StreamWorld start(
      Path folder,
      int taskManagers,
      int slots,
      int heapMb,
      boolean withSearch,
      String host,
      Map<String, String> flink,
      Map<String, String> environment)
      throws Exception {
    return start(
        folder,
        taskManagers,
        slots,
        heapMb,
        withSearch,
        host,
        flink,
        environment,
        LocalCluster.ownClassPath());
  }

  private static StreamWorld start(
      Path folder,
      int taskManagers,
      int slots,
      int heapMb,
      boolean withSearch,
      String host,
      Map<String, String> flink,
      Map<String, String> environment,
      List<Path> classPath)
      throws Exception {
    Files.createDirectories(folder);
    List<AutoCloseable> started = new ArrayList<>();
    try {
      KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"), host);
      started.add(broker);
      OpenSearchServer search =
          withSearch ? OpenSearchServer.start(folder.resolve("opensearch"), host) : null;
      if (search != null) {
        started.add(search);
      }
      LocalCluster cluster =
          LocalCluster.start(
              settings(folder.resolve("flink"), classPath)
                  .withTaskManagersOf(slots, heapMb)
                  .with(environment, flink),
              taskManagers);
      return new StreamWorld(
          folder, broker, search, taskManagers, slots, classPath, environment, cluster);
    } catch (Exception e) {
      for (AutoCloseable one : started.reversed()) {
        one.close();
      }
      throw e;
    }
  }

  private static LocalCluster.Settings settings(Path folder, List<Path> classPath)
      throws IOException {
    return LocalCluster.Settings.in(folder, classPath)
        .with(
            Map.of("DRAGOMAN_HOME", Cli.modelHome().toString(), "DRAGOMAN_LOG", "json"),
            Map.of(
                "metrics.reporter.prometheus.factory.class",
                "dev.dragoman.jobs.metrics.LoopbackPrometheusFactory",
                "metrics.reporter.prometheus.port",
                FIRST_METRICS_PORT + "-" + LAST_METRICS_PORT,
                "heartbeat.timeout",
                "10000"));
  }

  /**
   * Another cluster in the place of this one, of another release, which starts streams from then
   * on.
   */
  void upgrade(List<Path> classPath) throws IOException {
    cluster.close();
    release = classPath;
    cluster = LocalCluster.start(settings(folder.resolve("flink-newer"), release), taskManagers);
  }

  /** Says that more TaskManagers were started elsewhere. */
  void widen(int more) {
    taskManagers += more;
  }

  KafkaBroker broker() {
    return broker;
  }

  OpenSearchServer searchServer() {
    return Objects.requireNonNull(searchServer, "started without a search server");
  }

  LocalCluster cluster() {
    return cluster;
  }

  /** The id of the job. */
  String job() {
    return job;
  }

  Path recipe() {
    return folder.resolve("stream.yaml");
  }

  /** Starts the stream of a recipe. */
  void run(String recipe, String... flags) throws IOException {
    Files.writeString(recipe(), recipe);
    submit(flags);
  }

  /** Starts it again from its newest checkpoint, after the JobManager was killed. */
  void resume() throws IOException {
    submit("--resume");
  }

  /** Starts it from a savepoint. */
  void from(String savepoint) throws IOException {
    submit("--from-savepoint", savepoint);
  }

  private void submit(String... flags) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "run",
                recipe().toString(),
                "--runner",
                cluster.address(),
                "--state",
                folder.resolve("state").toString(),
                // A cluster whose JobManager was killed has no free slots for a while.
                "--parallelism",
                Integer.toString(taskManagers * slots),
                "--json"));
    command.addAll(List.of(flags));
    Cli cli =
        Cli.dragoman()
            .with("CLASSPATH", release.stream().map(Path::toString).collect(joining(":")));
    environment.forEach(cli::with);
    Cli.Result result = cli.run(command.toArray(String[]::new));
    if (result.code() != 0) {
      throw new IOException("the stream did not start: " + result.err());
    }
    job = result.json().getFirst().path("job").asText();
  }

  /** What Prometheus is told by every process of the cluster, and of others of this machine. */
  List<String> metrics() {
    List<String> lines = new ArrayList<>();
    for (int port = FIRST_METRICS_PORT; port <= LAST_METRICS_PORT; port++) {
      try (InputStream answer =
          URI.create("http://127.0.0.1:" + port + "/metrics").toURL().openStream()) {
        new String(answer.readAllBytes(), UTF_8).lines().forEach(lines::add);
      } catch (ConnectException _) {
        // No process has this port of the range.
        continue;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return lines;
  }

  /** The sum of all series of a metric of the stream that have these labels. */
  long metric(String name, String... labels) {
    return (long)
        metrics().stream()
            .filter(line ->
                line.startsWith(name + "{")
                    && line.contains(job)
                    && Stream.of(labels).allMatch(line::contains))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
  }

  /** How many whole checkpoints of the job are kept. */
  long checkpoints() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("state"))) {
      return files
          .filter(file -> file.endsWith("_metadata") && file.toString().contains(job))
          .count();
    }
  }

  /** What the processes of the cluster logged. */
  List<String> logs() throws IOException {
    List<String> lines = new ArrayList<>();
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(folder.resolve("flink"), "*.log")) {
      for (Path log : logs) {
        lines.addAll(Files.readAllLines(log));
      }
    }
    return lines;
  }

  /** Stops the stream; answers where its savepoint is. */
  String stop() throws IOException {
    Cli.Result result =
        Cli.dragoman().run("jobs", "stop", job, "--runner", cluster.address(), "--json");
    if (result.code() != 0) {
      throw new IOException("the stream did not stop: " + result.err());
    }
    return result.json().getFirst().path("savepoint").asText();
  }

  /** Waits until a checkpoint is complete that began after this call. */
  void awaitCheckpoint(Duration patience) throws Exception {
    long asked = System.currentTimeMillis();
    long deadline = System.nanoTime() + patience.toNanos();
    String state = "";
    while (System.nanoTime() < deadline) {
      try {
        JsonNode latest =
            cluster.get("/jobs/" + job + "/checkpoints").path("latest").path("completed");
        state = cluster.get("/jobs/" + job).path("state").asText();
        if (latest.path("trigger_timestamp").asLong() > asked && state.equals("RUNNING")) {
          return;
        }
      } catch (IOException _) {
        Thread.onSpinWait();
      }
      Thread.sleep(200);
    }
    throw new IOException(
        "no checkpoint was completed in "
            + patience
            + "; the job is "
            + state
            + ": "
            + cluster.get("/jobs/" + job + "/exceptions").path("root-exception").asText());
  }

  void awaitCheckpoint() throws Exception {
    awaitCheckpoint(PATIENCE);
  }

  @Override
  public void close() throws Exception {
    try (broker;
        searchServer;
        LocalCluster _ = cluster) {
      job = "";
    }
  }
}
