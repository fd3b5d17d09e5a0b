package dev.dragoman.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.operators.OperatorReference;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.StepConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The reference of sources, sinks and steps on rows, {@code docs/steps.md}. */
public final class StepReference {
  private StepReference() {}

  /**
   * Writes the reference.
   *
   * @param arguments the file
   */
  public static void main(String[] arguments) throws IOException {
    Files.write(Path.of(arguments[0]), markdown().getBytes(UTF_8));
  }

  /** What every type of a recipe's steps is configured with: operators, then all others. */
  public static List<Class<? extends StepConfig>> types() {
    return StepType.all().stream().<Class<? extends StepConfig>>map(StepType::config).toList();
  }

  /** The whole reference as Markdown. */
  public static String markdown() {
    StringBuilder out =
        new StringBuilder(
            """
            # Sources, sinks and steps between them

            Written from the code; do not edit. After a change to a step's parameters run

            ```
            mvn -pl pipelines -am -Dquick -Dsurefire.failIfNoSpecifiedTests=false \\
                -Dtest=StepReferenceTest -Dreference.write=true test
            ```

            Operators have [a reference of their own](operators.md). `takes` and `gives` say what may stand before and
            after a step; steps that reject have `error_handling: {output: NAME}` for an output of their own.

            | step | takes | gives | what it does |
            | --- | --- | --- | --- |
            """);
    for (StepType type : StepType.others()) {
      OperatorInfo info = Configs.info(type.config());
      Kind gives = type.gives();
      out.append(
          "| [%s](#%s) | %s | %s | %s |%n"
              .formatted(
                  info.name(),
                  info.name().toLowerCase(Locale.ROOT),
                  type.takes().isEmpty()
                      ? ""
                      : String.join(", ", type.takes().stream().sorted().map(Kind::words).toList()),
                  gives == null ? "" : gives.words(),
                  info.summary()));
    }
    for (StepType type : StepType.others()) {
      OperatorInfo info = Configs.info(type.config());
      out.append("\n## ").append(info.name()).append("\n\n").append(info.summary()).append('\n');
      if (!info.details().isEmpty()) {
        out.append('\n').append(info.details()).append('\n');
      }
      OperatorReference.table(Configs.parameters(type.config()), out);
    }
    out.append("\n## options\n\nOf the recipe as a whole, for streams.\n");
    OperatorReference.table(Configs.parameters(Recipe.Options.class), out);
    return out.toString().replace(System.lineSeparator(), "\n");
  }
}
