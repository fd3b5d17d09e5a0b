package dev.dragoman.models.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dragoman.models.ModelException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * Renders templates that transformers rendered, and says where the two differ. Each line of the
 * files is a template, what it was given, and what came out or the error that was raised; a line
 * without a template says what those behind it are given.
 */
public final class TemplateCases {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TemplateCases() {}

  /** Reads the files named in the arguments; ends with 1 if anything differs. */
  public static void main(String[] files) throws IOException {
    int different = 0;
    for (String file : files) {
      int cases = 0;
      int wrong = 0;
      for (JsonNode line : read(Path.of(file))) {
        cases++;
        Optional<String> difference = check(line);
        if (difference.isPresent()) {
          wrong++;
          System.out.println(
              line.path("name").asText()
                  + " "
                  + line.path("conv").asText()
                  + ": "
                  + difference.get());
        }
      }
      System.out.printf("%s: %d of %d equal%n", file, cases - wrong, cases);
      different += wrong + (cases == 0 ? 1 : 0);
    }
    System.exit(different == 0 ? 0 : 1);
  }

  static List<JsonNode> read(Path file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      JsonNode context = JSON.nullNode();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        ObjectNode read = (ObjectNode) JSON.readTree(line);
        if (!read.has("template")) {
          context = read.path("ctx");
        } else {
          lines.add(read.has("ctx") ? read : read.set("ctx", context));
        }
      }
    }
    return lines;
  }

  /** What differs, or nothing. */
  static Optional<String> check(JsonNode line) {
    String expected = line.path("expected").isNull() ? null : line.path("expected").textValue();
    String error = line.path("error").isNull() ? null : line.path("error").textValue();
    String got;
    try {
      Rendered rendered =
          ChatTemplate.parse(line.path("template").textValue())
              .render(input(line.path("ctx")), RenderLimits.DEFAULT);
      if (line.has("spans")) {
        String spans =
            JSON.valueToTree(
                    rendered.assistant().stream().map(s -> new int[] {s.start(), s.end()}).toList())
                .toString();
        if (!spans.equals(line.path("spans").toString())) {
          return Optional.of("expected spans " + line.path("spans") + " but got " + spans);
        }
      }
      got = rendered.text();
    } catch (ModelException e) {
      String raised = error(e);
      boolean same = error != null && (raised.equals(error) || sameLimit(raised, error));
      return same
          ? Optional.empty()
          : Optional.of(
              "expected %s but got %s"
                  .formatted(error == null ? JSON.valueToTree(expected) : error, raised));
    }
    return got.equals(expected)
        ? Optional.empty()
        : Optional.of(
            "expected %s%n     but got %s"
                .formatted(
                    error == null ? JSON.valueToTree(expected) : error, JSON.valueToTree(got)));
  }

  /** Python's own limit on recursion is a limit here too, with other words. */
  private static boolean sameLimit(String raised, String error) {
    return error.startsWith("RecursionError") && raised.startsWith("limit: macros call each other");
  }

  private static String error(ModelException e) {
    return switch (e) {
      case ChatTemplateException refusal -> "TemplateError: " + refusal.getMessage();
      case TemplateFailure failure -> failure.kind().title + ": " + failure.detail();
      default -> e.toString();
    };
  }

  static ChatInput input(JsonNode context) {
    List<ChatMessage> messages = new ArrayList<>();
    context.path("messages").forEach(m -> messages.add(ChatMessage.of((ObjectNode) m)));
    Map<String, JsonNode> variables = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : context.properties()) {
      if (!List.of("messages", "tools", "documents", "add_generation_prompt")
          .contains(field.getKey())) {
        variables.put(field.getKey(), field.getValue());
      }
    }
    return new ChatInput(
        messages,
        list(context.path("tools")),
        list(context.path("documents")),
        context.path("add_generation_prompt").asBoolean(),
        variables,
        Optional.of(LocalDateTime.of(2026, 1, 2, 0, 0)));
  }

  private static Optional<List<JsonNode>> list(JsonNode node) {
    List<JsonNode> items = new ArrayList<>();
    node.forEach(items::add);
    return node.isArray() ? Optional.of(items) : Optional.empty();
  }
}
