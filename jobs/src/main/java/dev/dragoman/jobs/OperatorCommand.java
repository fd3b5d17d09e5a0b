package dev.dragoman.jobs;

import dev.dragoman.models.Nearest;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.Operators;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at operators. */
@Command(
    name = "operator",
    description = "List the operators and show their parameters.",
    subcommands = {OperatorCommand.ListThem.class, OperatorCommand.Show.class})
final class OperatorCommand implements Runnable {
  @Mixin private CommonOptions common = new CommonOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what: list or show");
  }

  /** An operator as {@code --json} shows it. */
  record Shown(
      String name,
      String version,
      String summary,
      String details,
      List<Configs.Parameter> parameters) {
    static Shown of(Class<? extends OperatorConfig> type) {
      OperatorInfo info = Configs.info(type);
      return new Shown(
          info.name(), info.version(), info.summary(), info.details(), Configs.parameters(type));
    }
  }

  /** The configuration class of an operator, or the user's mistake. */
  static Class<? extends OperatorConfig> find(String name) {
    return Operators.find(name)
        .orElseThrow(() ->
            new UserException(
                "there is no operator '" + name + "'" + Nearest.hint(name, Operators.names())));
  }

  /** Names the operators. */
  @Command(name = "list", description = "The operators a recipe can use.")
  static final class ListThem implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
      List<Shown> shown = Operators.all().stream().map(Shown::of).toList();
      if (common.json()) {
        CommonOptions.printJson(System.out, shown);
      } else {
        shown.forEach(line -> System.out.printf("%-16s %s%n", line.name(), line.summary()));
      }
      return ExitCode.DONE;
    }
  }

  /** Shows one operator. */
  @Command(
      name = "show",
      description = "What an operator does, and its parameters with types and defaults.",
      footer = {"", "Example:", "  dragoman operator show MaskPii"})
  static final class Show implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "NAME", description = "A name from operator list.")
    private String name = "";

    @Override
    public Integer call() {
      Shown shown = Shown.of(find(name));
      if (common.json()) {
        CommonOptions.printJson(System.out, shown);
        return ExitCode.DONE;
      }
      System.out.println(shown.name() + " (version " + shown.version() + ")");
      System.out.println("  " + shown.summary());
      if (!shown.details().isEmpty()) {
        System.out.println("  " + shown.details());
      }
      for (Configs.Parameter parameter : shown.parameters()) {
        boolean required = parameter.fallback().equals(Param.REQUIRED);
        System.out.println();
        System.out.println(
            "  "
                + parameter.name()
                + ": "
                + parameter.type()
                + (required ? ", required" : ", default " + parameter.fallback()));
        System.out.println("      " + parameter.meaning());
      }
      return ExitCode.DONE;
    }
  }
}
