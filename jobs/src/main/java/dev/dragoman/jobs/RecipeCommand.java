package dev.dragoman.jobs;

import dev.dragoman.connectors.kafka.ReadKafka;
import dev.dragoman.operators.beam.ApplyOperator.OnError;
import dev.dragoman.pipelines.Recipe;
import dev.dragoman.pipelines.RecipeReader;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at recipes. */
@Command(
    name = "recipe",
    description = "List, show, check and draw recipes.",
    subcommands = {
      RecipeCommand.ListThem.class,
      RecipeCommand.Show.class,
      RecipeCommand.Check.class,
      RecipeCommand.Graph.class
    })
final class RecipeCommand implements Runnable {
  @Mixin private CommonOptions common = new CommonOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what: list, show, check or graph");
  }

  /** What a check answers with {@code --json}. */
  record Checked(String recipe, String digest, List<String> steps, List<String> models) {
    static Checked of(Recipe recipe) {
      return new Checked(
          recipe.name(),
          recipe.digest(),
          recipe.steps().stream().map(Recipe.Step::name).toList(),
          recipe.models());
    }
  }

  /** Names the built-in recipes. */
  @Command(name = "list", description = "The built-in recipes.")
  static final class ListThem implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
      record Line(String name, String about) {}
      List<Line> lines =
          RecipeReader.builtIn().stream().map(name -> new Line(name, about(name))).toList();
      if (common.json()) {
        CommonOptions.printJson(System.out, lines);
      } else {
        lines.forEach(line -> System.out.printf("%-10s %s%n", line.name(), line.about()));
      }
      return ExitCode.DONE;
    }

    private static String about(String name) {
      return RecipeReader.builtInText(name)
          .lines()
          .takeWhile(line -> line.startsWith("#"))
          .map(line -> line.substring(1).strip())
          .reduce((a, b) -> a + " " + b)
          .orElse("");
    }
  }

  /** Prints a built-in recipe, to start one's own from. */
  @Command(
      name = "show",
      description = "Print a built-in recipe, to start your own from.",
      footer = {"", "Example:", "  dragoman recipe show default > mine.yaml"})
  static final class Show implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "NAME", description = "A name from recipe list.")
    private String name = "";

    @Override
    public Integer call() {
      System.out.print(RecipeReader.builtInText(name));
      return ExitCode.DONE;
    }
  }

  /** Reads a recipe and says whether it could be run. */
  @Command(name = "check", description = "Check a recipe without running it.")
  static final class Check implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "FILE", description = "A recipe file, or a built-in name.")
    private String file = "";

    @Override
    public Integer call() {
      Checked checked = Checked.of(RecipeCommand.read(file));
      if (common.json()) {
        CommonOptions.printJson(System.out, checked);
      } else {
        System.out.println(checked.recipe() + ": fine, " + checked.steps().size() + " steps");
        System.out.println(
            "models: "
                + (checked.models().isEmpty() ? "none" : String.join(", ", checked.models())));
      }
      return ExitCode.DONE;
    }
  }

  /** Draws a recipe as a Mermaid flow chart. */
  @Command(
      name = "graph",
      description = "Draw a recipe as a Mermaid flow chart, rejected documents included.")
  static final class Graph implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "FILE", description = "A recipe file, or a built-in name.")
    private String file = "";

    @Override
    public Integer call() {
      Recipe recipe = RecipeCommand.read(file);
      System.out.println("flowchart LR");
      String letters = recipe.enriched().map(Recipe.Sink::name).orElse("");
      for (Recipe.Step step : recipe.steps()) {
        for (String input : step.inputs()) {
          System.out.println(
              input.equals(Recipe.REJECTED)
                  ? "  " + Recipe.REJECTED + " -.-> " + step.name()
                  : input.contains(".")
                      ? "  "
                          + input.substring(0, input.indexOf('.'))
                          + " -. "
                          + input.substring(input.indexOf('.') + 1)
                          + " .-> "
                          + step.name()
                      : "  " + input + " --> " + step.name());
        }
        boolean rejects =
            switch (step) {
              case Recipe.Source _ -> true;
              case Recipe.Operation operation -> operation.onError() == OnError.REJECT;
              case Recipe.Stage stage -> stage.config() instanceof ReadKafka.Config;
              case Recipe.Sink _ -> false;
            };
        if (rejects && step.errorOutput().isEmpty()) {
          System.out.println(
              "  "
                  + step.name()
                  + " -. rejected .-> "
                  + (letters.isEmpty() ? Recipe.REJECTED : letters));
        }
      }
      return ExitCode.DONE;
    }
  }

  /** Reads a recipe to look at; a source or sink it leaves to the command line is filled in. */
  private static Recipe read(String file) {
    return RecipeReader.open(file, RecipeReader.Ends.OF_THE_RECIPE, List.of());
  }
}
