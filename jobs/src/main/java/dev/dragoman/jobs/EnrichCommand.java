package dev.dragoman.jobs;

import dev.dragoman.pipelines.Recipe;
import dev.dragoman.pipelines.RecipeReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The main job. */
@Command(
    name = "enrich",
    description = {
      "Read files, enrich what is in them, write tables and a search index.",
      "PATHs are files, folders, globs, addresses of any Beam file system, or - for standard input."
    },
    footer = {
      "",
      "Examples:",
      "  dragoman enrich samples --out out",
      "  dragoman enrich 'inbox/**/*.pdf' --out out --recipe text",
      "  dragoman enrich tickets.jsonl --out out --recipe tickets --set MaskPii.policy=tag",
      "  dragoman enrich inbox --out out --resume"
    })
final class EnrichCommand implements Callable<Integer> {
  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private JobOptions job = new JobOptions();

  @Parameters(paramLabel = "PATH", arity = "1..*", description = "What to read.")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder to write; made if it is not there.")
  private String out = "";

  @Option(
      names = "--recipe",
      paramLabel = "FILE|NAME",
      defaultValue = "default",
      description = "A recipe file, or a name from recipe list (default: default).")
  private String recipe = "default";

  @Override
  public Integer call() throws Exception {
    job.check();
    Recipe read = RecipeReader.open(recipe, new RecipeReader.Ends(paths, out), job.overrides());
    if (read.enriched().isEmpty() || read.files().isEmpty()) {
      throw new UserException(
          recipe
              + " does not go from ReadFiles to WriteEnriched; start it with: dragoman run "
              + recipe);
    }
    return new EnrichmentJob(read, job, common).run();
  }
}
