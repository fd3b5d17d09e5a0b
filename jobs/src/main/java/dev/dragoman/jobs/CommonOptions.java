package dev.dragoman.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintStream;
import picocli.CommandLine.Option;

/** Flags that every command has. */
final class CommonOptions {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Option(names = "--debug", description = "Show stack traces and what libraries log.")
  private boolean debug;

  @Option(names = "--offline", description = "Never open a connection.")
  private boolean offline;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  boolean json() {
    return json;
  }

  boolean offline() {
    return offline;
  }

  /** Prints a value as one line of JSON. */
  static void printJson(PrintStream out, Object value) {
    out.println(toJson(value));
  }

  static String toJson(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
    }
  }

  static ObjectMapper mapper() {
    return JSON;
  }
}
