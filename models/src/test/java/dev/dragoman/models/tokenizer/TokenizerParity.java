package dev.dragoman.models.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.models.TokenStream;
import dev.dragoman.models.Tokenizer;
import dev.dragoman.models.Tokenizer.Tokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;

/** Compares a tokenizer with what the reference gave for many lines. */
final class TokenizerParity {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TokenizerParity() {}

  /**
   * The outcome.
   *
   * @param lines compared
   * @param differences in words
   */
  record Outcome(int lines, List<String> differences) {}

  /** Takes a tokenizer (or a GGUF file) and a file made by tests/parity/tokenizers_all.py. */
  public static void main(String[] args) throws IOException {
    Outcome outcome = compare(Tokenizer.open(Path.of(args[0])), Path.of(args[1]));
    outcome.differences().stream().limit(20).forEach(System.out::println);
    System.out.printf(
        "%s: %d lines, %d differ%n", args[0], outcome.lines(), outcome.differences().size());
  }

  static Outcome compare(Tokenizer tokenizer, Path golden) throws IOException {
    List<String> differences = new ArrayList<>();
    int lines = 0;
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(golden)), StandardCharsets.US_ASCII))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        JsonNode expected = JSON.readTree(line);
        compare(tokenizer, expected.path("text").textValue(), expected, differences);
        lines++;
      }
    }
    return new Outcome(lines, differences);
  }

  /** Where the reference's text is null it equals what was decoded, and that the text. */
  static void compare(
      Tokenizer tokenizer, String text, JsonNode expected, List<String> differences) {
    Tokens tokens = tokenizer.encode(text);
    int[] ids = ints(expected.path("ids"));
    check("ids", text, Arrays.toString(ids), Arrays.toString(tokens.ids()), differences);
    if (expected.has("offsets")) {
      String wanted = Arrays.toString(ints(expected.path("offsets")));
      check("offsets", text, wanted, Arrays.toString(offsets(tokens)), differences);
    }
    if (expected.has("decoded")) {
      String decoded = expected.path("decoded").asText(text);
      check("decoded", text, decoded, tokenizer.decode(ids, false), differences);
      check("streamed", text, decoded, streamed(tokenizer, ids), differences);
      if (expected.has("skipped")) {
        String skipped = expected.path("skipped").asText(decoded);
        check("skipped", text, skipped, tokenizer.decode(ids, true), differences);
      }
    }
  }

  static int[] offsets(Tokens tokens) {
    int[] offsets = new int[2 * tokens.size()];
    for (int i = 0; i < tokens.size(); i++) {
      offsets[2 * i] = tokens.starts()[i];
      offsets[2 * i + 1] = tokens.ends()[i];
    }
    return offsets;
  }

  private static String streamed(Tokenizer tokenizer, int[] ids) {
    TokenStream stream = tokenizer.stream(false);
    StringBuilder all = new StringBuilder();
    for (int id : ids) {
      String part = stream.next(id);
      if (!part.isEmpty()
          && (Character.isHighSurrogate(part.charAt(part.length() - 1))
              || Character.isLowSurrogate(part.charAt(0)))) {
        all.append("(half a character)");
      }
      all.append(part);
    }
    return all.append(stream.finish()).toString();
  }

  private static void check(
      String what, String text, String expected, String found, List<String> differences) {
    if (!expected.equals(found)) {
      differences.add(
          "%s of %s%n  %s%n  %s".formatted(what, visible(text), visible(expected), visible(found)));
    }
  }

  private static String visible(String text) {
    return JSON.valueToTree(text.length() > 300 ? text.substring(0, 300) : text).toString();
  }

  static int[] ints(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }
}
