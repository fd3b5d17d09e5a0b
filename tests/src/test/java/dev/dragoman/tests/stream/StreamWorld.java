package dev.dragoman.tests.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.jobs.cluster.LocalCluster;
import dev.dragoman.tests.e2e.Cli;
import dev.dragoman.tests.kafka.KafkaBroker;
import dev.dragoman.tests.opensearch.OpenSearchServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A broker, a search server and a cluster, each of real processes, and one stream on them. */
final class StreamWorld implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path folder;
  private final KafkaBroker broker;
  private final @Nullable OpenSearchServer searchServer;
  private final LocalCluster cluster;
  private String job = "";

  private StreamWorld(
      Path folder,
      KafkaBroker broker,
      @Nullable OpenSearchServer searchServer,
      LocalCluster cluster) {
    this.folder = folder;
    this.broker = broker;
    this.searchServer = searchServer;
    this.cluster = cluster;
  }

  /** Starts everything; the stream comes later. */
  static StreamWorld start(Path folder, int taskManagers, int slots, int heapMb, boolean withSearch)
      throws Exception {
    return start(folder, taskManagers, slots, heapMb, withSearch, "127.0.0.1", Map.of());
  }

  /** The same at another address of this machine, with other settings of Flink. */
  static StreamWorld start(
      Path folder,
      int taskManagers,
      int slots,
      int heapMb,
      boolean withSearch,
      String host,
      Map<String, String> flink)
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
              LocalCluster.Settings.in(folder.resolve("flink"), LocalCluster.ownClassPath())
                  .withTaskManagersOf(slots, heapMb)
                  .with(
                      Map.of("DRAGOMAN_HOME", Cli.modelHome().toString()),
                      Map.of(
                          "metrics.reporter.prometheus.factory.class",
                          "dev.dragoman.jobs.metrics.LoopbackPrometheusFactory",
                          "metrics.reporter.prometheus.port",
                          "19250-19290",
                          "heartbeat.timeout",
                          "10000"))
                  .with(Map.of(), flink),
              taskManagers);
      return new StreamWorld(folder, broker, search, cluster);
    } catch (Exception e) {
      for (AutoCloseable one : started.reversed()) {
        one.close();
      }
      throw e;
    }
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
                "--json"));
    command.addAll(List.of(flags));
    Cli.Result result = Cli.dragoman().run(command.toArray(String[]::new));
    if (result.code() != 0) {
      throw new IOException("the stream did not start: " + result.err());
    }
    job = result.json().getFirst().path("job").asText();
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
        cluster) {
      job = "";
    }
  }
}
