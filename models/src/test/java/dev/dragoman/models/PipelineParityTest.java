package dev.dragoman.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.architecture.SmallCheckpoint;
import dev.dragoman.models.format.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Small random models against sentence-transformers and the pipelines of transformers, from text to
 * result (tests/parity/pipelines.py).
 */
class PipelineParityTest {
  private static final double CLOSE = 2e-5;

  @TempDir private Path temp = Path.of("");

  @ParameterizedTest
  @ValueSource(strings = {"modules-mean", "modules-dense", "modules-last", "modules-sqrt"})
  void modulesGiveTheVectorsOfSentenceTransformers(String name) throws Exception {
    JsonNode golden = golden(name);
    // Without a Normalize at the end its vectors are as long as they happen to be.
    EmbedOptions options =
        EmbedOptions.defaults().withUnitLength(name.equals("modules-mean")).withThreads(2);
    assertVectors(options, golden, "embeddings");
    for (String prompt : List.of("query", "document")) {
      if (golden.has(prompt)) {
        assertVectors(options.withPrompt(prompt), golden, prompt);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"modules-mean", "modules-dense", "modules-last", "modules-sqrt"})
  void weightsOfEightBitsGiveNearlyTheSameVectorsAndTheSameBitsInAnyBatch(String name)
      throws Exception {
    List<String> texts = texts(golden(name).path("texts"));
    EmbedOptions singles = EmbedOptions.defaults();
    EmbedOptions bytes = singles.withWeights(WeightType.INT8);
    try (TextEmbedder exact = TextEmbedder.open(temp, singles);
        TextEmbedder rounded = TextEmbedder.open(temp, bytes);
        TextEmbedder alone = TextEmbedder.open(temp, bytes.withBatchTokens(1).withThreads(2))) {
      float[][] expected = exact.embed(texts);
      float[][] actual = rounded.embed(texts);
      assertThat(Arrays.deepEquals(actual, expected)).isFalse();
      for (int i = 0; i < actual.length; i++) {
        double cosine = 0;
        for (int j = 0; j < actual[i].length; j++) {
          cosine += (double) actual[i][j] * expected[i][j];
        }
        assertThat(cosine).as(texts.get(i)).isGreaterThan(0.999);
      }
      assertThat(alone.embed(texts)).isDeepEqualTo(actual);
    }
  }

  private void assertVectors(EmbedOptions options, JsonNode golden, String key) {
    try (TextEmbedder embedder = TextEmbedder.open(temp, options)) {
      float[][] vectors = embedder.embed(texts(golden.path("texts")));
      JsonNode expected = golden.path(key);
      assertThat(vectors).hasDimensions(expected.size(), embedder.dimensions());
      for (int i = 0; i < vectors.length; i++) {
        assertThat(expected.path(i).size()).isEqualTo(embedder.dimensions());
        double largest = 0;
        for (JsonNode value : expected.path(i)) {
          largest = Math.max(largest, Math.abs(value.doubleValue()));
        }
        for (int j = 0; j < vectors[i].length; j++) {
          assertThat((double) vectors[i][j])
              .as("%s of text %d, number %d", key, i, j)
              .isCloseTo(expected.path(i).path(j).doubleValue(), within(CLOSE * largest));
        }
      }
    }
  }

  @Test
  void thePromptsOfAModelAreNamedWhenAnotherIsAskedFor() throws Exception {
    golden("modules-dense");
    assertThatThrownBy(() -> TextEmbedder.open(temp, EmbedOptions.defaults().withPrompt("querry")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("did you mean 'query'");
    try (TextEmbedder plain = TextEmbedder.open(temp);
        TextEmbedder query = TextEmbedder.open(temp, EmbedOptions.defaults().withPrompt("query"));
        TextEmbedder own = TextEmbedder.open(temp, EmbedOptions.defaults().withPrefix("the "))) {
      assertThat(plain.prompt()).isEqualTo("in a ");
      assertThat(plain.prompts()).containsEntry("query", "the ").containsEntry("document", "in a ");
      assertThat(query.prompt()).isEqualTo(own.prompt()).isEqualTo("the ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"classify-single", "classify-multi", "classify-regression", "classify-one"})
  void textsAndPairsGetTheScoresOfThePipeline(String name) throws Exception {
    JsonNode golden = golden(name);
    ClassifyOptions options = ClassifyOptions.defaults().withThreads(2).withBatchTokens(40);
    try (TextClassifier classifier = TextClassifier.open(temp, options)) {
      List<TextClassifier.Input> inputs = new ArrayList<>();
      List<JsonNode> expected = new ArrayList<>();
      golden.path("texts").forEach(text -> inputs.add(TextClassifier.Input.of(text.textValue())));
      golden.path("scores").forEach(expected::add);
      for (JsonNode pair : golden.path("pairs")) {
        inputs.add(TextClassifier.Input.of(pair.path(0).textValue(), pair.path(1).textValue()));
      }
      golden.path("pairScores").forEach(expected::add);
      List<List<Scored>> results = classifier.classify(inputs);
      assertThat(results).hasSameSizeAs(expected);
      for (int i = 0; i < results.size(); i++) {
        assertScores(results.get(i), expected.get(i), "input " + i);
        assertThat(classifier.classify(List.of(inputs.get(i))).getFirst())
            .isEqualTo(results.get(i));
      }
    }
  }

  private static void assertScores(List<Scored> actual, JsonNode expected, String what) {
    assertThat(actual).as(what).hasSize(expected.size());
    for (int i = 0; i < actual.size(); i++) {
      JsonNode best = expected.path(i);
      assertThat(actual.get(i).label()).as(what).isEqualTo(best.path("label").textValue());
      double score = best.path("score").doubleValue();
      assertThat(actual.get(i).score())
          .as(what)
          .isCloseTo(score, within(CLOSE * Math.max(1, Math.abs(score))));
    }
  }

  @Test
  void labelsOfTheCallersOwnGetTheScoresOfTheZeroShotPipeline() throws Exception {
    JsonNode golden = golden("zero-shot");
    List<String> texts = texts(golden.path("texts"));
    List<String> candidates = texts(golden.path("candidates"));
    try (TextClassifier classifier = TextClassifier.open(temp)) {
      for (boolean several : new boolean[] {false, true}) {
        List<List<Scored>> results = classifier.classify(texts, candidates, several);
        JsonNode expected = golden.path(several ? "several" : "one");
        for (int i = 0; i < texts.size(); i++) {
          assertThat(results.get(i)).hasSameSizeAs(candidates);
          for (Scored scored : results.get(i)) {
            assertThat(scored.score())
                .isCloseTo(expected.path(i).path(scored.label()).doubleValue(), within(CLOSE));
          }
        }
      }
    }
  }

  @Test
  void zeroShotNeedsALabelForEntailment() throws Exception {
    golden("classify-single");
    try (TextClassifier classifier = TextClassifier.open(temp)) {
      assertThatThrownBy(() -> classifier.classify(List.of("the"), List.of("a", "b"), false))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("LABEL_0, LABEL_1, LABEL_2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"entities-bio", "entities-plain"})
  void tokensAndEntitiesAreThoseOfThePipeline(String name) throws Exception {
    JsonNode golden = golden(name);
    try (TokenClassifier classifier = TokenClassifier.open(temp)) {
      List<String> texts = texts(golden.path("texts"));
      List<List<TokenClassifier.Span>> tokens = classifier.tokens(texts);
      List<List<TokenClassifier.Span>> entities = classifier.entities(texts);
      int found = 0;
      for (int i = 0; i < texts.size(); i++) {
        assertSpans(tokens.get(i), golden.path("tokens").path(i), texts.get(i));
        assertSpans(entities.get(i), golden.path("entities").path(i), texts.get(i));
        found += entities.get(i).size();
      }
      assertThat(found).isGreaterThan(14);
    }
  }

  private static void assertSpans(
      List<TokenClassifier.Span> actual, JsonNode expected, String text) {
    assertThat(actual).as(text).hasSize(expected.size());
    for (int i = 0; i < actual.size(); i++) {
      TokenClassifier.Span span = actual.get(i);
      JsonNode wanted = expected.path(i);
      assertThat(span.label()).as(text).isEqualTo(wanted.path("label").textValue());
      assertThat(span.start()).as(text).isEqualTo(wanted.path("start").intValue());
      assertThat(span.end()).as(text).isEqualTo(wanted.path("end").intValue());
      assertThat(span.score())
          .as(text)
          .isCloseTo(wanted.path("score").doubleValue(), within(CLOSE));
    }
  }

  @Test
  void everyTokenOfALongTextIsLabelledOnce() throws Exception {
    golden("entities-bio");
    String text = "the cafe unable, in mas ".repeat(60);
    try (TokenClassifier classifier = TokenClassifier.open(temp)) {
      List<TokenClassifier.Span> spans = classifier.tokens(List.of("the", text)).get(1);
      Tokenizer.Tokens tokens = classifier.tokenizer().encode(text);
      assertThat(spans.stream().mapToInt(TokenClassifier.Span::start))
          .containsExactly(boxed(tokens.starts()));
      assertThat(spans.stream().mapToInt(TokenClassifier.Span::end))
          .containsExactly(boxed(tokens.ends()));
    }
  }

  @Test
  void aModelWithAnotherHeadIsRefused() throws Exception {
    golden("entities-bio");
    assertThatThrownBy(() -> TextClassifier.open(temp))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("BertForTokenClassification")
        .hasMessageContaining("sequence classification");
    golden("classify-single");
    assertThatThrownBy(() -> TokenClassifier.open(temp))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("token classification");
  }

  private JsonNode golden(String name) throws IOException {
    SmallCheckpoint.unzip("/dev/dragoman/models/pipelines/" + name + ".zip", temp);
    return JsonFile.read(temp.resolve("golden.json"));
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::textValue).toList();
  }

  private static Integer[] boxed(int[] numbers) {
    return java.util.Arrays.stream(numbers).boxed().toArray(Integer[]::new);
  }
}
