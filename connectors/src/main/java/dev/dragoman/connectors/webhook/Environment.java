package dev.dragoman.connectors.webhook;

import dev.dragoman.operators.config.ConfigException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Secrets that a recipe names and does not hold. */
final class Environment {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

  private Environment() {}

  /**
   * The text with each {@code ${NAME}} replaced by that environment variable.
   *
   * @throws ConfigException if it is not set
   */
  static String fill(String what, String key, String text) {
    return VARIABLE
        .matcher(text)
        .replaceAll(match -> {
          String value = System.getenv(match.group(1));
          if (value == null) {
            throw new ConfigException(
                key,
                what + " names the environment variable " + match.group(1) + ", which is not set");
          }
          return Matcher.quoteReplacement(value);
        });
  }
}
