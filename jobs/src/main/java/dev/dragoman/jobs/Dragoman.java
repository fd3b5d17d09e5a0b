package dev.dragoman.jobs;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that all others are under. */
@Command(
    name = "dragoman",
    versionProvider = Dragoman.Version.class,
    description = {
      "Reads scans, documents, mails, tickets and recordings, enriches them with models that run in "
          + "this process, and writes tables and a search index.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  dragoman enrich samples --out out",
      "  dragoman search out 'damaged parcel' --mode hybrid",
      "  dragoman sql out \"SELECT category, count(*) FROM documents GROUP BY 1\"",
      "  dragoman doctor",
      "",
      "Exit codes: 0 done, 1 the job failed, 2 your mistake, 3 more rejected than --max-rejected, "
          + "130 interrupted."
    },
    subcommands = {
      EnrichCommand.class,
      RunCommand.class,
      RecipeCommand.class,
      OperatorCommand.class,
      TryCommand.class,
      ModelCommand.class,
      SearchCommand.class,
      SqlCommand.class,
      RejectedCommand.class,
      JobsCommand.class,
      ClusterCommand.class,
      DoctorCommand.class
    })
final class Dragoman implements Runnable {
  @Mixin private CommonOptions common = new CommonOptions();

  @picocli.CommandLine.Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  private boolean version;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing: for instance dragoman enrich samples --out out");
  }

  /** The version from the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Dragoman.class.getPackage().getImplementationVersion();
      return new String[] {
        "dragoman " + (version == null ? "(built from source)" : version),
        "Java " + Runtime.version()
      };
    }
  }
}
