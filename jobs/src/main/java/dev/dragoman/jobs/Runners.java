package dev.dragoman.jobs;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** Where a graph runs. */
final class Runners {
  private static final Pattern CLUSTER =
      Pattern.compile("(?:[\\w.-]+|\\[[0-9a-fA-F:]+]):(\\d{1,5})");

  private Runners() {}

  /**
   * The options that make Beam run a graph there.
   *
   * @param runner {@code embedded}, {@code direct} or the {@code HOST:PORT} of a Flink cluster's
   *     REST endpoint
   * @param parallelism 0 for as many as there are cores here, or as the cluster's default says
   * @throws UserException if there is no such runner
   */
  static PipelineOptions options(String runner, int parallelism) {
    PipelineOptions options = PipelineOptionsFactory.create();
    options.setJobName("dragoman");
    int here = parallelism > 0 ? parallelism : Runtime.getRuntime().availableProcessors();
    switch (runner) {
      case "direct" -> {
        options.setRunner(DirectRunner.class);
        DirectOptions direct = options.as(DirectOptions.class);
        direct.setTargetParallelism(here);
        direct.setEnforceImmutability(false);
        direct.setEnforceEncodability(false);
      }
      case "embedded" -> flink(options, "[local]", here);
      default -> {
        Matcher cluster = CLUSTER.matcher(runner);
        if (!cluster.matches() || Integer.parseInt(cluster.group(1)) > 65535) {
          throw new UserException(
              "--runner must be embedded, direct or the HOST:PORT of a Flink cluster, not '"
                  + runner
                  + "'");
        }
        FlinkPipelineOptions flink = flink(options, runner, parallelism > 0 ? parallelism : -1);
        flink.setFilesToStage(classPath());
      }
    }
    return options;
  }

  /** Whether the workers are this JVM. */
  static boolean local(String runner) {
    return runner.equals("direct") || runner.equals("embedded");
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

  /** What this JVM was started with, for a cluster's workers to have. */
  private static List<String> classPath() {
    if (Runners.class.getClassLoader() instanceof URLClassLoader loader) {
      return Arrays.stream(loader.getURLs()).map(URL::getPath).toList();
    }
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .toList();
  }
}
