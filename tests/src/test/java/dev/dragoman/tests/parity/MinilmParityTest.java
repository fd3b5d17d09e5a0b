package dev.dragoman.tests.parity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.models.EmbedOptions;
import dev.dragoman.models.TextEmbedder;
import dev.dragoman.models.Tokenizer;
import dev.dragoman.models.WeightType;
import dev.dragoman.tests.StarterModels;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** all-MiniLM-L6-v2, pulled, against sentence-transformers and Hugging Face tokenizers. */
class MinilmParityTest {
  @Test
  void aThousandSentencesEqualSentenceTransformers() throws Exception {
    List<String> sentences = Goldens.sentences();
    try (TextEmbedder embedder = TextEmbedder.open(StarterModels.minilm())) {
      assertThat(embedder.dimensions()).isEqualTo(384);
      assertThat(embedder.maxTokens()).isEqualTo(256);
      float[][] expected = Goldens.vectors(384);
      float[][] actual = embedder.embed(sentences);
      assertThat(actual).hasNumberOfRows(1000).hasSameDimensionsAs(expected);
      for (int i = 0; i < actual.length; i++) {
        assertThat(cosine(actual[i], expected[i]))
            .as("sentence %d: %s", i, sentences.get(i))
            .isGreaterThan(0.999999);
        assertThat(length(actual[i])).isBetween(0.99999, 1.00001);
      }
    }
  }

  @Test
  void weightsOfEightBitsGiveNearlyTheSameVectors() throws Exception {
    List<String> sentences = Goldens.sentences();
    EmbedOptions bytes = EmbedOptions.defaults().withWeights(WeightType.INT8).withThreads(2);
    try (TextEmbedder embedder = TextEmbedder.open(StarterModels.minilm(), bytes)) {
      float[][] expected = Goldens.vectors(384);
      float[][] actual = embedder.embed(sentences);
      assertThat(actual).hasNumberOfRows(1000).hasSameDimensionsAs(expected);
      double sum = 0;
      for (int i = 0; i < actual.length; i++) {
        double cosine = cosine(actual[i], expected[i]);
        assertThat(cosine).as("sentence %d: %s", i, sentences.get(i)).isBetween(0.998, 0.9999999);
        sum += cosine;
      }
      assertThat(sum / actual.length).isGreaterThan(0.9997);
    }
  }

  @Test
  void twoThousandLinesHaveTheTokensAndOffsetsOfTheReference() throws Exception {
    Tokenizer tokenizer = Tokenizer.open(StarterModels.minilm());
    ObjectMapper json = new ObjectMapper();
    int lines = 0;
    try (BufferedReader golden =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Goldens.open("tokenizer.jsonl.gz")),
                StandardCharsets.US_ASCII))) {
      for (String line = golden.readLine(); line != null; line = golden.readLine()) {
        JsonNode expected = json.readTree(line);
        String text = expected.path("text").textValue();
        Tokenizer.Tokens tokens = tokenizer.encode(text);
        assertThat(tokens.ids()).as(text).containsExactly(ints(expected.path("ids")));
        int[] offsets = ints(expected.path("offsets"));
        for (int i = 0; i < tokens.size(); i++) {
          assertThat(tokens.starts()[i]).as(text).isEqualTo(offsets[2 * i]);
          assertThat(tokens.ends()[i]).as(text).isEqualTo(offsets[2 * i + 1]);
        }
        lines++;
      }
    }
    assertThat(lines).isEqualTo(2000);
  }

  private static int[] ints(JsonNode list) {
    return list.valueStream().mapToInt(JsonNode::intValue).toArray();
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
    }
    return dot / (length(a) * length(b));
  }

  private static double length(float[] a) {
    double squares = 0;
    for (float value : a) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }
}
