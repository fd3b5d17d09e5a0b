package dev.dragoman.jobs;

import dev.dragoman.models.Nearest;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.Operators;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.config.StepConfig;
import dev.dragoman.pipelines.StepReference;
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
    description = "List operators, sources and sinks, and show their parameters.",
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
    static Shown of(Class<? extends StepConfig> type) {
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

  /** The configuration class of any step of a recipe, or the user's mistake. */
  private static Class<? extends StepConfig> findStep(String name) {
    List<Class<? extends StepConfig>> types = StepReference.types();
    return types.stream()
        .filter(type -> Configs.info(type).name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new UserException(
                "there is no operator, source or sink '"
                    + name
                    + "'"
                    + Nearest.hint(
                        name, types.stream().map(type -> Configs.info(type).name()).toList())));
  }

  /** Names the operators. */
  @Command(name = "list", description = "The operators, sources and sinks a recipe can use.")
  static final class ListThem implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
      List<Shown> shown = StepReference.types().stream().map(Shown::of).toList();
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
      description =
          "What an operator, source or sink does, and its parameters with types and defaults.",
      footer = {
        "",
        "Examples:",
        "  dragoman operator show MaskPii",
        "  dragoman operator show ReadKafka"
      })
  static final class Show implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "NAME", description = "A name from operator list.")
    private String name = "";

    @Override
    public Integer call() {
      Shown shown = Shown.of(findStep(name));
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
