package dev.dragoman.operators.reading;

import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.config.ConfigException;
import java.util.List;

/** Checks of an operator's place in a recipe. */
final class Needs {
  private Needs() {}

  /**
   * Refuses a place with no {@code ExtractText} before it: only that makes pictures and sounds of
   * files.
   */
  static void extractText(OperatorConfig operator, List<? extends OperatorConfig> before) {
    if (before.stream().noneMatch(config -> config.info().name().equals("ExtractText"))) {
      String name = operator.info().name();
      throw new ConfigException(
          "", name + " finds nothing to do without ExtractText: put ExtractText before it");
    }
  }
}
