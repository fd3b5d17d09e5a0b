package dev.dragoman.jobs;

import dev.dragoman.pipelines.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where a graph runs.
 *
 * @param options what makes Beam run it there
 * @param cluster the Flink cluster, or null if it runs in this JVM
 */
record Runners(PipelineOptions options, @Nullable Cluster cluster) {
  /**
   * Finds a runner.
   *
   * @param runner {@code embedded}, {@code direct} or the {@code HOST:PORT} of a Flink cluster's
   *     REST endpoint
   * @param parallelism 0 for as many as there are cores here, or slots free on the cluster
   * @throws UserException if there is no such runner
   * @throws ClusterException if the cluster does not answer
   */
  static Runners find(String runner, int parallelism) throws ClusterException, IOException {
    PipelineOptions options = fileSystems(System.getenv());
    options.setJobName("dragoman");
    int here = parallelism > 0 ? parallelism : Runtime.getRuntime().availableProcessors();
    return switch (runner) {
      case "direct" -> {
        options.setRunner(DirectRunner.class);
        DirectOptions direct = options.as(DirectOptions.class);
        direct.setTargetParallelism(here);
        direct.setEnforceImmutability(false);
        direct.setEnforceEncodability(false);
        yield new Runners(options, null);
      }
      case "embedded" -> {
        flink(options, "[local]", here);
        yield new Runners(options, null);
      }
      default -> {
        if (!Cluster.isAddress(runner)) {
          throw new UserException(
              "--runner must be embedded, direct or the HOST:PORT of a Flink cluster, not '"
                  + runner
                  + "'");
        }
        Cluster cluster = Cluster.at(runner);
        int there = parallelism > 0 ? parallelism : Math.max(1, cluster.freeSlots());
        FlinkPipelineOptions flink = flink(options, runner, there);
        flink.setFilesToStage(cluster.filesToStage());
        flink.setAttachedMode(false);
        flink.setJobCheckIntervalInSecs(1);
        // The cluster's other users see it; this JVM finds its job by it.
        flink.setJobName("dragoman-" + UUID.randomUUID());
        yield new Runners(options, cluster);
      }
    };
  }

  /**
   * The same for a stream.
   *
   * @param state where it is kept and what it starts from
   * @throws UserException if the runner cannot run streams
   */
  Runners streaming(Recipe recipe, StreamState state) throws IOException {
    if (options.getRunner() != FlinkRunner.class) {
      throw new UserException(
          "a stream needs --runner embedded or the HOST:PORT of a Flink cluster, not direct");
    }
    FlinkPipelineOptions flink = options.as(FlinkPipelineOptions.class);
    Path settings = Files.createTempDirectory("dragoman-flink");
    settings.toFile().deleteOnExit();
    Path file = settings.resolve("config.yaml");
    Files.writeString(
        file,
        state.settings(recipe.options()).entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue() + "\n")
            .collect(Collectors.joining()));
    file.toFile().deleteOnExit();
    flink.setFlinkConfDir(settings.toString());
    flink.setStreaming(true);
    Duration every = recipe.options().checkpointEvery();
    flink.setCheckpointingInterval(every.toMillis());
    flink.setMinPauseBetweenCheckpoints(StreamState.pause(every).toMillis());
    flink.setFailOnCheckpointingErrors(false);
    flink.setExternalizedCheckpointsEnabled(true);
    flink.setRetainExternalizedCheckpointsOnCancellation(true);
    flink.setMaxBundleTimeMills(recipe.options().maxLatency().toMillis());
    flink.setMaxParallelism(recipe.options().maxParallelism());
    if (!state.from().isEmpty()) {
      flink.setSavepointPath(state.from());
      flink.setAllowNonRestoredState(state.allowLost());
    }
    return this;
  }

  /** Options with what the environment says about file systems that are not local. */
  static PipelineOptions fileSystems(Map<String, String> environment) {
    String endpoint =
        environment.getOrDefault(
            "AWS_ENDPOINT_URL_S3", environment.getOrDefault("AWS_ENDPOINT_URL", ""));
    // Unknown to Beam unless its S3 module is there.
    return (endpoint.isEmpty()
            ? PipelineOptionsFactory.fromArgs()
            : PipelineOptionsFactory.fromArgs("--endpoint=" + endpoint).withoutStrictParsing())
        .create();
  }

  private static FlinkPipelineOptions flink(
      PipelineOptions options, String master, int parallelism) {
    options.setRunner(FlinkRunner.class);
    FlinkPipelineOptions flink = options.as(FlinkPipelineOptions.class);
    flink.setFlinkMaster(master);
    flink.setParallelism(parallelism);
    flink.setObjectReuse(true);
    flink.setStreaming(false);
    return flink;
  }
}
