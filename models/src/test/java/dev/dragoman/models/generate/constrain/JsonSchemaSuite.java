package dev.dragoman.models.generate.constrain;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.dragoman.models.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the JSON Schema test suite: {@code tests/parity/json-schema.sh FOLDER}. Of each schema that
 * compiles every invalid instance must be rejected; the valid ones that are accepted are counted.
 * Ends with status 1 where an invalid instance is accepted.
 */
final class JsonSchemaSuite {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private int schemas;
  private int refused;
  private int empty;
  private int valid;
  private int accepted;
  private int invalid;
  private int wrong;
  private final Map<String, Integer> reasons = new TreeMap<>();

  public static void main(String[] args) throws IOException {
    JsonSchemaSuite suite = new JsonSchemaSuite();
    boolean all = args.length > 1;
    try (Stream<Path> files = Files.walk(Path.of(args[0]))) {
      List<Path> sorted = files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
      for (Path file : sorted) {
        suite.run(file, all);
      }
    }
    suite.report();
    if (suite.wrong > 0) {
      throw new IllegalStateException(suite.wrong + " invalid instances were accepted");
    }
  }

  private void run(Path file, boolean all) throws IOException {
    int before = valid;
    int acceptedBefore = accepted;
    int refusedBefore = refused;
    for (JsonNode group : MAPPER.readTree(file.toFile())) {
      schemas++;
      Constraint constraint = null;
      try {
        constraint = Constraint.jsonSchema(group.get("schema"));
      } catch (ModelException e) {
        String message = String.valueOf(e.getMessage());
        if (message.startsWith("No value")) {
          empty++;
        } else {
          refused++;
          reasons.merge(reason(message), 1, Integer::sum);
          if (all) {
            System.out.println("refused: " + name(file, group) + ": " + message);
          }
          continue;
        }
      }
      for (JsonNode test : group.get("tests")) {
        check(file, group, test, constraint, all);
      }
    }
    System.out.printf(
        "%-45s %4d of %4d valid accepted, %3d schemas refused%n",
        file.getFileName(), accepted - acceptedBefore, valid - before, refused - refusedBefore);
  }

  private void check(
      Path file, JsonNode group, JsonNode test, @Nullable Constraint constraint, boolean all)
      throws IOException {
    String text = MAPPER.writeValueAsString(test.get("data"));
    boolean matches = constraint != null && constraint.matches(text);
    if (test.get("valid").booleanValue()) {
      valid++;
      accepted += matches ? 1 : 0;
      if (!matches && all) {
        System.out.println(
            "not accepted: " + name(file, group) + ": " + test.get("description") + " " + text);
      }
    } else {
      invalid++;
      if (matches) {
        wrong++;
        System.out.println(
            "WRONG: " + name(file, group) + ": " + test.get("description") + " " + text);
      }
    }
  }

  private static String name(Path file, JsonNode group) {
    return file.getFileName() + ": " + group.get("description").asText();
  }

  /** The message without the place and the names in it. */
  private static String reason(String message) {
    return message.replaceFirst("^JSON schema, at \"[^\"]*\": ", "").replaceAll("schema:\\S*", "…");
  }

  private void report() {
    System.out.printf(
        "%d schemas, %d refused, %d without a value%n"
            + "%d invalid instances, %d of them accepted%n%d valid instances, %d of them accepted%n",
        schemas, refused, empty, invalid, wrong, valid, accepted);
    reasons.forEach((reason, count) -> System.out.printf("%4d refused: %s%n", count, reason));
  }
}
