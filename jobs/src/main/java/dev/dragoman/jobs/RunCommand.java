package dev.dragoman.jobs;

import dev.dragoman.pipelines.Recipe;
import dev.dragoman.pipelines.RecipeReader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Runs a recipe that says itself what to read and write. */
@Command(
    name = "run",
    description = "Run a recipe that says itself what to read and where to write.",
    footer = {
      "",
      "Examples:",
      "  dragoman run nightly.yaml --resume --max-rejected 2%",
      "  dragoman run tickets.yaml --runner 127.0.0.1:8081",
      "  dragoman run tickets.yaml --runner 127.0.0.1:8081 --from-savepoint state/savepoint-1a2b3c"
    })
final class RunCommand implements Callable<Integer> {
  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private JobOptions job = new JobOptions();

  @Mixin private StreamFlags stream = new StreamFlags();

  @Parameters(paramLabel = "RECIPE", description = "A recipe file.")
  private String recipe = "";

  @Override
  public Integer call() throws Exception {
    job.check();
    Recipe read = RecipeReader.open(recipe, RecipeReader.Ends.OF_THE_RECIPE, job.overrides());
    return read.enriched().isPresent()
        ? new EnrichmentJob(read, job, common).run()
        : new GraphJob(read, job, stream, common).run();
  }
}
