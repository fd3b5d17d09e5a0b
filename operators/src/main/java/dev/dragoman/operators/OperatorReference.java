package dev.dragoman.operators;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The operator reference, {@code docs/operators.md}, written from what the operators declare. */
public final class OperatorReference {
  private OperatorReference() {}

  /**
   * Writes the reference.
   *
   * @param arguments the file
   */
  public static void main(String[] arguments) throws IOException {
    Files.write(Path.of(arguments[0]), markdown().getBytes(UTF_8));
  }

  /** The whole reference as Markdown. */
  public static String markdown() {
    StringBuilder out =
        new StringBuilder(
            """
            # Operators

            Written from the code; do not edit. After a change to an operator's parameters run

            ```
            mvn -pl operators -am -Dquick -Dsurefire.failIfNoSpecifiedTests=false \\
                -Dtest=OperatorReferenceTest -Dreference.write=true test
            ```

            Every operator can be used in four ways: as a line of a recipe, as `dragoman try NAME` on one
            input, from Java as below, and in a Beam graph of your own. Parameters that are not given have
            their defaults; a name that does not exist stops the recipe before anything starts.

            | operator | what it does |
            | --- | --- |
            """);
    for (Class<? extends OperatorConfig> type : Operators.all()) {
      OperatorInfo info = Configs.info(type);
      out.append("| [%s](#%s) | %s |%n".formatted(info.name(), anchor(info), cell(info.summary())));
    }
    for (Class<? extends OperatorConfig> type : Operators.all()) {
      section(type, out);
    }
    return out.toString().replace(System.lineSeparator(), "\n");
  }

  private static void section(Class<? extends OperatorConfig> type, StringBuilder out) {
    OperatorInfo info = Configs.info(type);
    List<Configs.Parameter> parameters = Configs.parameters(type);
    out.append("\n## ").append(info.name()).append("\n\n");
    out.append(info.summary()).append(" Version ").append(info.version()).append(".\n");
    if (!info.details().isEmpty()) {
      out.append('\n').append(info.details()).append('\n');
    }
    table(parameters, out);
    out.append("\nIn a recipe:\n\n```yaml\n").append(recipe(info, parameters)).append("```\n");
    out.append("\nFrom Java:\n\n```java\n").append(java(type, parameters)).append("```\n");
  }

  /** The table of the parameters of a step. */
  public static void table(List<Configs.Parameter> parameters, StringBuilder out) {
    if (parameters.isEmpty()) {
      out.append("\nIt has no parameters.\n");
      return;
    }
    out.append("\n| parameter | type | default | meaning |\n| --- | --- | --- | --- |\n");
    for (Configs.Parameter parameter : parameters) {
      String fallback =
          parameter.fallback().equals(Param.REQUIRED)
              ? "has to be given"
              : "`" + cell(parameter.fallback()) + "`";
      out.append(
          "| `%s` | %s | %s | %s |%n"
              .formatted(
                  parameter.name(), cell(parameter.type()), fallback, cell(parameter.meaning())));
    }
  }

  /** A line with the parameters that have to be given, or else the first with its default. */
  private static String recipe(OperatorInfo info, List<Configs.Parameter> parameters) {
    List<String> given =
        parameters.stream()
            .filter(p -> p.fallback().equals(Param.REQUIRED))
            .map(p -> p.name() + ": ...")
            .toList();
    if (given.isEmpty()) {
      given = parameters.stream().limit(1).map(p -> p.name() + ": " + p.fallback()).toList();
    }
    String config = given.isEmpty() ? "" : ", config: {" + String.join(", ", given) + "}";
    return "- {type: " + info.name() + config + "}\n";
  }

  private static String java(
      Class<? extends OperatorConfig> type, List<Configs.Parameter> parameters) {
    String config = type.getCanonicalName().substring(type.getPackageName().length() + 1);
    boolean complete = parameters.stream().noneMatch(p -> p.fallback().equals(Param.REQUIRED));
    String made =
        complete
            ? "Configs.defaults(" + config + ".class)"
            : "Configs.configure(" + config + ".class, json)";
    return """
    try (Operator operator = %s.open(OperatorContext.local())) {
      List<Outcome> outcomes = operator.apply(documents);
    }
    """
        .formatted(made);
  }

  private static String anchor(OperatorInfo info) {
    return info.name().toLowerCase(Locale.ROOT);
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace('\n', ' ');
  }
}
