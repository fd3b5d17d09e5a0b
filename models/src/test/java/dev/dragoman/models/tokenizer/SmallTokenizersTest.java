package dev.dragoman.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.models.Tokenizer;
import dev.dragoman.models.Tokenizer.Pair;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Small tokenizers with the settings of real ones, against Hugging Face tokenizers (made by
 * tests/parity/tokenizers_small.py).
 */
class SmallTokenizersTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt2",
        "roberta",
        "llama3",
        "qwen2",
        "smollm",
        "gpt4o",
        "deepseek",
        "llama2",
        "gemma",
        "mistral",
        "xlmr",
        "mdeberta",
        "albert",
        "odd"
      })
  void idsOffsetsAndDecodedTextEqualTheReference(String name, @TempDir Path temp)
      throws IOException {
    Tokenizer tokenizer = open(name, temp);
    List<String> differences = new ArrayList<>();
    List<JsonNode> lines = lines("goldens.jsonl.gz");
    for (JsonNode line : lines) {
      String text = line.path("text").textValue();
      TokenizerParity.compare(tokenizer, text, line.path(name), differences);
    }
    assertThat(differences).isEmpty();
    assertThat(lines).hasSizeGreaterThan(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"roberta", "llama3", "llama2", "xlmr", "mdeberta", "odd"})
  void pairsEqualTheReference(String name, @TempDir Path temp) throws IOException {
    Tokenizer tokenizer = open(name, temp);
    int compared = 0;
    for (JsonNode line : lines("pairs.jsonl.gz")) {
      if (!line.path("name").textValue().equals(name)) {
        continue;
      }
      String first = line.path("first").textValue();
      String second = line.path("second").textValue();
      Pair pair = tokenizer.encodeForModel(first, second, line.path("limit").intValue());
      assertThat(pair.tokens().ids()).isEqualTo(TokenizerParity.ints(line.path("ids")));
      assertThat(pair.types()).isEqualTo(TokenizerParity.ints(line.path("types")));
      assertThat(pair.texts()).isEqualTo(TokenizerParity.ints(line.path("texts")));
      assertThat(TokenizerParity.offsets(pair.tokens()))
          .isEqualTo(TokenizerParity.ints(line.path("offsets")));
      compared++;
    }
    assertThat(compared).isEqualTo(12);
  }

  static Tokenizer open(String name, Path temp) throws IOException {
    Path file = temp.resolve("tokenizer.json");
    try (InputStream in = new GZIPInputStream(resource(name + ".json.gz"))) {
      Files.copy(in, file);
    }
    return Tokenizer.open(temp);
  }

  static List<JsonNode> lines(String name) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(resource(name)), StandardCharsets.US_ASCII))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(JSON.readTree(line));
      }
    }
    return lines;
  }

  static InputStream resource(String name) {
    return Objects.requireNonNull(SmallTokenizersTest.class.getResourceAsStream("small/" + name));
  }
}
