package dev.dragoman.jobs;

import dev.dragoman.connectors.files.FileList;
import dev.dragoman.models.catalog.ModelStore;
import dev.dragoman.operators.beam.OperatorMetrics;
import dev.dragoman.pipelines.Recipe;
import dev.dragoman.pipelines.RecipeGraph;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.FileSystems;
import org.jspecify.annotations.Nullable;

/** One run of a recipe without {@code WriteEnriched}: a stream, or a run that ends by itself. */
final class GraphJob {
  private static final Duration TO_START = Duration.ofMinutes(5);

  private final Recipe recipe;
  private final JobOptions job;
  private final StreamFlags flags;
  private final CommonOptions common;
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;

  GraphJob(Recipe recipe, JobOptions job, StreamFlags flags, CommonOptions common) {
    this.recipe = recipe;
    this.job = job;
    this.flags = flags;
    this.common = common;
  }

  /** Runs it, or hands it to a cluster if it never ends; answers the exit code. */
  int run() throws Exception {
    if (!recipe.streaming() && !flags.savepoint().isEmpty()) {
      throw new UserException(
          "--from-savepoint goes on with a stream, and " + recipe.name() + " is none");
    }
    Runners runner = Runners.find(job.runner(), job.parallelism());
    FileSystems.setDefaultPipelineOptions(runner.options());
    if (job.dryRun()) {
      return tellPlan();
    }
    Models.ensure(recipe.models(), common);
    if (recipe.streaming()) {
      StreamState state = StreamState.of(stateBase(runner), name(), flags, job);
      runner = runner.streaming(recipe, state);
      err.println("state in " + state.folder());
      if (!state.from().isEmpty()) {
        err.println("going on from " + state.from());
      }
    }
    Pipeline pipeline = Pipeline.create(runner.options());
    RecipeGraph.build(
        pipeline,
        recipe,
        input(),
        null,
        new RecipeGraph.Workers(ModelStore.atDefaultHome().home(), common.offline()));
    if (recipe.streaming()) {
      StreamBackend.install(pipeline.getOptions().as(FlinkPipelineOptions.class));
    }
    Cluster cluster = runner.cluster();
    if (recipe.streaming() && cluster != null) {
      return handOver(pipeline, cluster, job.parallelism());
    }
    return runToTheEnd(pipeline, runner);
  }

  private RecipeGraph.Input input() throws IOException {
    Recipe.@Nullable Source files = recipe.files().orElse(null);
    return files == null || files.config().watches()
        ? new RecipeGraph.Input.Own()
        : new RecipeGraph.Input.Files(FileList.find(files.config().paths(), List.of()));
  }

  /** What the stream is called: its recipe's file name without the ending. */
  private String name() {
    String file = String.valueOf(Path.of(recipe.name()).getFileName());
    int dot = file.lastIndexOf('.');
    return (dot > 0 ? file.substring(0, dot) : file).replaceAll("[^\\w-]", "-");
  }

  private String stateBase(Runners runner) throws ClusterException {
    if (!flags.state().isEmpty()) {
      return StreamState.address(flags.state());
    }
    Cluster cluster = runner.cluster();
    if (cluster == null) {
      return StreamState.address(ModelStore.atDefaultHome().home().resolve("streams").toString());
    }
    String theirs = cluster.setting("state.checkpoints.dir");
    if (theirs.isEmpty()) {
      throw new UserException(
          "the cluster at "
              + cluster.address()
              + " does not say where state is kept; give --state DIR, a folder that every worker can"
              + " write");
    }
    return theirs;
  }

  private int runToTheEnd(Pipeline pipeline, Runners runner) throws IOException, ClusterException {
    Execution execution = new Execution(runner, err);
    Thread interrupted =
        Thread.ofPlatform()
            .unstarted(() -> {
              err.println();
              execution.cancel();
              err.println(
                  "dragoman: interrupted" + (recipe.streaming() ? "; --resume goes on" : ""));
            });
    Runtime.getRuntime().addShutdownHook(interrupted);
    PipelineResult result = execution.run(pipeline);
    Runtime.getRuntime().removeShutdownHook(interrupted);
    record Step(String step, long documentsIn, long documentsOut, long rejected) {}
    List<Step> steps = new ArrayList<>();
    OperatorMetrics.read(result.metrics())
        .forEach((step, counts) ->
            steps.add(
                new Step(
                    step, counts.documentsIn(), counts.documentsOut(), counts.rejectedInAll())));
    long rejected = steps.stream().mapToLong(Step::rejected).sum();
    if (common.json()) {
      CommonOptions.printJson(out, steps);
    } else {
      out.printf(Locale.ROOT, "%s done, %d rejected%n", recipe.name(), rejected);
    }
    long in = steps.stream().mapToLong(Step::documentsIn).max().orElse(0);
    return job.tooMany(rejected, in) ? ExitCode.TOO_MANY_REJECTED : ExitCode.DONE;
  }

  /** Gives a stream to a cluster and waits until it runs there. */
  private int handOver(Pipeline pipeline, Cluster cluster, int parallelism)
      throws ClusterException, InterruptedException {
    String warning = cluster.warning(parallelism);
    if (warning != null) {
      err.println("dragoman: " + warning);
    }
    String name = "dragoman-" + name() + "-" + Long.toHexString(System.nanoTime());
    pipeline.getOptions().setJobName(name);
    try {
      pipeline.run();
    } catch (RuntimeException e) {
      throw new ClusterException(
          "the cluster at " + cluster.address() + " refused the job: " + Execution.reason(e), e);
    }
    String id = cluster.awaitRunning(name, TO_START);
    record Started(String job, String name, String cluster) {}
    if (common.json()) {
      CommonOptions.printJson(out, new Started(id, name, cluster.address()));
    } else {
      out.println("running as job " + id + " on " + cluster.address());
      out.println("  dragoman jobs list --runner " + cluster.address());
      out.println("  dragoman jobs stop " + id + " --runner " + cluster.address());
    }
    return ExitCode.DONE;
  }

  private int tellPlan() {
    ModelStore store = ModelStore.atDefaultHome();
    List<String> missing = recipe.models().stream().filter(m -> !store.installed(m)).toList();
    record Plan(
        String recipe,
        boolean streaming,
        List<String> steps,
        List<String> models,
        List<String> missingModels) {}
    Plan plan =
        new Plan(
            recipe.name(),
            recipe.streaming(),
            recipe.steps().stream().map(Recipe.Step::name).toList(),
            recipe.models(),
            missing);
    if (common.json()) {
      CommonOptions.printJson(out, plan);
      return ExitCode.DONE;
    }
    out.println(
        "recipe  "
            + plan.recipe()
            + (plan.streaming() ? ", a stream: " : ": ")
            + String.join(", ", plan.steps()));
    out.println("models  " + (plan.models().isEmpty() ? "none" : String.join(", ", plan.models())));
    if (!missing.isEmpty()) {
      out.println("get     dragoman model pull " + String.join(" ", missing));
    }
    return ExitCode.DONE;
  }
}
