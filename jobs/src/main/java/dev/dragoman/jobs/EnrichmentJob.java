package dev.dragoman.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.connectors.files.FileList;
import dev.dragoman.connectors.run.OutputSession;
import dev.dragoman.connectors.run.RunReport;
import dev.dragoman.models.catalog.ModelStore;
import dev.dragoman.operators.beam.OperatorMetrics;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Sha256;
import dev.dragoman.pipelines.Recipe;
import dev.dragoman.pipelines.RecipeGraph;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.FileSystems;

/** One run of a recipe, from its files to what is told about it at the end. */
final class EnrichmentJob {
  private final Recipe recipe;
  private final JobOptions job;
  private final CommonOptions common;
  private final Path folder;
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;

  /**
   * A run.
   *
   * @param recipe with {@code ReadFiles} and {@code WriteEnriched}
   */
  EnrichmentJob(Recipe recipe, JobOptions job, CommonOptions common) {
    this.recipe = recipe;
    this.job = job;
    this.common = common;
    this.folder = Path.of(recipe.enriched().orElseThrow().config().path());
  }

  /** Runs it on the files it names; answers the exit code. */
  int run() throws Exception {
    Runners runner = Runners.find(job.runner(), job.parallelism());
    FileSystems.setDefaultPipelineOptions(runner.options());
    FileList files = FileList.find(recipe.files().orElseThrow().config().paths(), List.of(folder));
    if (job.dryRun()) {
      return tellPlan(files);
    }
    return run(
        runner,
        job.mode(),
        new RecipeGraph.Input.Files(files),
        uris(files),
        count(files.files().size(), "file") + ", " + Models.size(files.bytes()));
  }

  /** Runs it on documents that were rejected; answers the exit code. */
  int replay(List<Document> documents) throws Exception {
    Runners runner = Runners.find(job.runner(), job.parallelism());
    FileSystems.setDefaultPipelineOptions(runner.options());
    String what = count(documents.size(), "rejected document");
    if (job.dryRun()) {
      out.println("would run " + what + " again");
      return ExitCode.DONE;
    }
    return run(
        runner,
        OutputSession.Mode.REPLAY,
        new RecipeGraph.Input.Documents(documents),
        documents.stream().map(document -> document.provenance().source()).toList(),
        what);
  }

  private int run(
      Runners runner,
      OutputSession.Mode mode,
      RecipeGraph.Input input,
      List<URI> sources,
      String what)
      throws Exception {
    List<String> needed = recipe.models(sources);
    Models.ensure(needed, common);
    ModelStore store = ModelStore.atDefaultHome();
    List<RunReport.Model> models =
        needed.stream().map(name -> new RunReport.Model(name, store.digest(name))).toList();
    // Models that only some inputs need must not make a later run with others look like another.
    Set<String> always = Set.copyOf(recipe.models(List.of()));
    List<RunReport.Model> deciding =
        models.stream().filter(model -> always.contains(model.name())).toList();
    String digest = Sha256.of((recipe.digest() + deciding).getBytes(UTF_8)).hex();
    Instant started = Instant.now();
    Execution execution = new Execution(runner, err);
    Thread interrupted = Thread.ofPlatform().unstarted(() -> interrupt(execution));
    RunReport report;
    try (OutputSession session = OutputSession.begin(folder, mode, digest)) {
      Runtime.getRuntime().addShutdownHook(interrupted);
      if (!common.json()) {
        warn(runner);
        err.println((session.done().isEmpty() ? "enriching " : "going on with ") + what);
      }
      Pipeline pipeline = Pipeline.create(runner.options());
      RecipeGraph.build(
          pipeline,
          recipe,
          input,
          session,
          new RecipeGraph.Workers(store.home(), common.offline()));
      PipelineResult result = execution.run(pipeline);
      err.flush();
      report =
          session.commit(
              new RunReport.Facts(
                  version(),
                  new RunReport.Recipe(recipe.name(), digest),
                  models,
                  job.runner(),
                  started,
                  operators(OperatorMetrics.read(result.metrics()))));
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(interrupted);
      } catch (IllegalStateException _) {
        Thread.onSpinWait();
      }
    }
    return tell(report);
  }

  private void warn(Runners runner) {
    Cluster cluster = runner.cluster();
    String warning = cluster == null ? null : cluster.warning(job.parallelism());
    if (warning != null) {
      err.println("dragoman: " + warning);
    }
  }

  private void interrupt(Execution execution) {
    err.println();
    execution.cancel();
    err.println("dragoman: interrupted; the same command with --resume goes on");
  }

  private List<RunReport.OperatorReport> operators(
      SortedMap<String, OperatorMetrics.Counts> counts) {
    List<RunReport.OperatorReport> reports = new ArrayList<>();
    for (Recipe.Operation operation : recipe.operations()) {
      OperatorMetrics.Counts count = counts.get(operation.name());
      if (count == null) {
        continue;
      }
      reports.add(
          new RunReport.OperatorReport(
              operation.name(),
              operation.config().info().version(),
              String.join(",", operation.config().models()),
              count.documentsIn(),
              count.documentsOut(),
              new TreeMap<>(count.rejected()),
              count.skipped(),
              count.tokens(),
              count.time().toNanos() / 1e9,
              count.counted().getOrDefault("cache_hits", 0L),
              count.counted(),
              0));
    }
    return reports;
  }

  private static List<URI> uris(FileList files) {
    return files.files().stream().map(FileList.Found::uri).toList();
  }

  private int tellPlan(FileList files) {
    ModelStore store = ModelStore.atDefaultHome();
    List<String> needed = recipe.models(uris(files));
    List<String> missing = needed.stream().filter(m -> !store.installed(m)).toList();
    record Plan(
        String recipe,
        List<String> steps,
        int files,
        long bytes,
        List<String> models,
        List<String> missingModels,
        String out) {}
    Plan plan =
        new Plan(
            recipe.name(),
            recipe.steps().stream().map(Recipe.Step::name).toList(),
            files.files().size(),
            files.bytes(),
            needed,
            missing,
            folder.toString());
    if (common.json()) {
      CommonOptions.printJson(out, plan);
      return ExitCode.DONE;
    }
    out.println("recipe  " + plan.recipe() + ": " + String.join(" > ", plan.steps()));
    out.println("read    " + count(plan.files(), "file") + ", " + Models.size(plan.bytes()));
    out.println("models  " + (plan.models().isEmpty() ? "none" : String.join(", ", plan.models())));
    if (!missing.isEmpty()) {
      out.println("get     dragoman model pull " + String.join(" ", missing));
    }
    out.println("write   " + plan.out());
    return ExitCode.DONE;
  }

  private int tell(RunReport report) throws IOException {
    boolean tooMany = job.tooMany(report.rejected(), report.documentsIn());
    if (common.json()) {
      out.print(report.toJson());
    } else {
      out.printf(
          Locale.ROOT,
          "%s enriched, %d rejected, in %.1f s%s%n",
          count(report.documentsOut(), "document"),
          report.rejected(),
          report.seconds(),
          report.documentsReused() > 0
              ? " (" + report.documentsReused() + " were done before)"
              : "");
      Findings.print(out, folder);
      out.println();
      out.println("written to " + folder + ": documents, chunks, annotations, rejected, index");
      out.println("  dragoman search " + folder + " 'what you look for'");
      out.println("  dragoman sql " + folder + " 'SELECT source_uri, summary FROM documents'");
      if (report.rejected() > 0) {
        out.println("  dragoman rejected " + folder + " list");
      }
    }
    if (tooMany) {
      err.printf(
          "dragoman: %d of %d documents were rejected; --max-rejected allows %s%n",
          report.rejected(), report.documentsIn(), job.maxRejected());
      return ExitCode.TOO_MANY_REJECTED;
    }
    return ExitCode.DONE;
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static String version() {
    String version = EnrichmentJob.class.getPackage().getImplementationVersion();
    return version == null ? "source" : version;
  }
}
