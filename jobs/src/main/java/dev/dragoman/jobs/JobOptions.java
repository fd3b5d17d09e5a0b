package dev.dragoman.jobs;

import dev.dragoman.connectors.run.OutputSession;
import dev.dragoman.pipelines.RecipeReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The flags of the commands that run a recipe. */
final class JobOptions {
  private static final Pattern LIMIT = Pattern.compile("(\\d+(?:\\.\\d+)?)(%?)");

  @Option(
      names = "--set",
      paramLabel = "Step.key=value",
      description = "Change a parameter of a step; the value is YAML. May be given several times.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--runner",
      paramLabel = "WHERE",
      defaultValue = "embedded",
      description =
          "embedded (Flink in this process, the default), direct (Beam's own), or the HOST:PORT of a"
              + " Flink cluster.")
  private String runner = "embedded";

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      defaultValue = "0",
      description = "Documents worked on at once; by default the number of cores.")
  private int parallelism;

  @Option(
      names = "--resume",
      description = "Go on with what an earlier run into --out has done; pay for nothing twice.")
  private boolean resume;

  @Option(names = "--overwrite", description = "Replace an earlier run in --out.")
  private boolean overwrite;

  @Option(
      names = "--max-rejected",
      paramLabel = "N|N%",
      defaultValue = "100%",
      description = "End with exit code 3 if more documents than this are rejected.")
  private String maxRejected = "100%";

  @Option(names = "--dry-run", description = "Check everything and tell the plan; run nothing.")
  private boolean dryRun;

  List<RecipeReader.Override> overrides() {
    return settings.stream().map(RecipeReader.Override::parse).toList();
  }

  String runner() {
    return runner;
  }

  int parallelism() {
    if (parallelism < 0) {
      throw new UserException("--parallelism must be at least 1, not " + parallelism);
    }
    return parallelism;
  }

  boolean dryRun() {
    return dryRun;
  }

  OutputSession.Mode mode() {
    if (resume && overwrite) {
      throw new UserException(
          "--resume keeps an earlier run and --overwrite replaces it; give one");
    }
    return resume
        ? OutputSession.Mode.RESUME
        : overwrite ? OutputSession.Mode.OVERWRITE : OutputSession.Mode.FRESH;
  }

  /** Checks {@code --max-rejected} before anything starts. */
  void check() {
    tooMany(0, 0);
    mode();
    parallelism();
    overrides();
  }

  /** Whether so many of so many are more than is allowed. */
  boolean tooMany(long rejected, long all) {
    Matcher limit = LIMIT.matcher(maxRejected);
    if (!limit.matches()) {
      throw new UserException(
          "--max-rejected must be a number or a percentage such as 5%, not '" + maxRejected + "'");
    }
    double allowed = Double.parseDouble(limit.group(1));
    return limit.group(2).isEmpty() ? rejected > allowed : rejected * 100.0 > allowed * all;
  }

  String maxRejected() {
    return maxRejected;
  }
}
