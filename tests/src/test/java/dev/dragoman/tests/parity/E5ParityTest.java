package dev.dragoman.tests.parity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.models.EmbedOptions;
import dev.dragoman.models.TextEmbedder;
import dev.dragoman.tests.StarterModels;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * multilingual-e5-small, pulled, against transformers' BERT with the same 4-bit weights and the
 * tokens of the packer's own engine (tests/parity/e5.py).
 */
class E5ParityTest {
  @Test
  void sentencesOfTenLanguagesEqualTheReference() throws Exception {
    List<JsonNode> golden = golden();
    List<String> texts = golden.stream().map(line -> line.path("text").textValue()).toList();
    EmbedOptions options = EmbedOptions.defaults().withPrompt("query").withThreads(2);
    try (TextEmbedder embedder = TextEmbedder.open(StarterModels.e5(), options)) {
      assertThat(embedder.dimensions()).isEqualTo(384);
      assertThat(embedder.maxTokens()).isEqualTo(512);
      assertThat(embedder.prompt()).isEqualTo("query: ");
      for (JsonNode line : golden) {
        String text = line.path("text").textValue();
        assertThat(embedder.tokenizer().encodeForModel("query: " + text, 512).ids())
            .as(text)
            .containsExactly(line.path("ids").valueStream().mapToInt(JsonNode::intValue).toArray());
      }
      float[][] expected = Goldens.vectors("e5.f16", 384);
      float[][] actual = embedder.embed(texts);
      assertThat(actual).hasNumberOfRows(55).hasSameDimensionsAs(expected);
      for (int i = 0; i < actual.length; i++) {
        assertThat(cosine(actual[i], expected[i])).as(texts.get(i)).isGreaterThan(0.999999);
      }
    }
  }

  private static List<JsonNode> golden() throws Exception {
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> golden = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Goldens.open("e5.jsonl"), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        golden.add(json.readTree(line));
      }
    }
    return golden;
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double first = 0;
    double second = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      first += (double) a[i] * a[i];
      second += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(first * second);
  }
}
