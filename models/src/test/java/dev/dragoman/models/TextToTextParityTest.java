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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Small random models that write a text for a text against transformers, from text to text
 * (tests/parity/text_to_text.py).
 */
class TextToTextParityTest {
  @TempDir private Path temp = Path.of("");

  @ParameterizedTest
  @CsvSource({
    "marian, own, nl, en, 0",
    "marian, greedy, nl, en, 1",
    "marian-choice, deu, nl, de, 0",
    "m2m, own, nl, en, 0",
    "nllb, own, nl, en, 0",
    "nllb, own, nld_Latn, eng_Latn, 0"
  })
  void translationsAreThoseOfTheReferenceAllAtOnceAndOneByOne(
      String name, String search, String from, String to, int beams) throws IOException {
    JsonNode golden = golden(name).path(search);
    List<String> texts = texts(golden);
    try (Translator translator = Translator.open(temp, 2)) {
      TranslateOptions options = TranslateOptions.of(from, to).withBeams(beams);
      List<Translation> all =
          translator.translate(texts.stream().map(Translator.Source::of).toList(), options).stream()
              .map(List::getFirst)
              .toList();
      for (int i = 0; i < texts.size(); i++) {
        JsonNode expected = golden.path("found").path(i);
        // The token of the language is special, whatever the small tokenizer says of it.
        assertThat(all.get(i).text())
            .isEqualTo(expected.path("text").textValue().replace("__en__", "").strip());
        assertThat(all.get(i).sourceTokens()).isEqualTo(expected.path("source").size());
        Translation alone = translator.translate(texts.get(i), options);
        assertThat(alone).isEqualTo(all.get(i));
      }
    }
  }

  @Test
  void aLanguageThatTheModelDoesNotKnowIsNamedWithThoseItKnows() throws IOException {
    golden("marian");
    try (Translator translator = Translator.open(temp)) {
      assertThat(translator.sources()).containsExactly("nl");
      assertThat(translator.targets()).containsExactly("en");
      assertThatThrownBy(() -> translator.translate("een", TranslateOptions.of("nl", "fr")))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("to en, not \"fr\"");
      assertThat(translator.translate("een", TranslateOptions.of("", "")).text())
          .isEqualTo(translator.translate("een", TranslateOptions.of("nl", "en")).text());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"marian", "m2m", "nllb"})
  void termsAreInTheTranslationInOneOfTheirFormsAndOtherTextsStayAsTheyAre(String name)
      throws IOException {
    golden(name);
    try (Translator translator = Translator.open(temp, 2)) {
      TranslateOptions options = TranslateOptions.of("nl", "en").withBeams(2).withMaxTokens(30);
      Translator.Source free = Translator.Source.of("een rekening");
      Translator.Source bound =
          new Translator.Source(
              "een rekening",
              List.of(
                  new Translator.Term(List.of("morgen", "monteur")),
                  new Translator.Term(List.of("geld terug"))));
      List<List<Translation>> found = translator.translate(List.of(free, bound, free), options);
      assertThat(found.get(1).getFirst().text())
          .contains("geld terug")
          .containsPattern("morgen|monteur");
      assertThat(found.get(0).getFirst().text()).doesNotContain("geld terug");
      assertThat(found.get(2)).isEqualTo(found.get(0));
    }
  }

  @ParameterizedTest
  @CsvSource({"t5, summarize: ", "bart, ''"})
  void textsAreThoseOfTheReference(String name, String prefix) throws IOException {
    JsonNode golden = golden(name).path("own");
    List<String> texts = texts(golden);
    try (TextToText model = TextToText.open(temp)) {
      WriteOptions options =
          model.options("").withPrefix(prefix.isEmpty() ? "" : prefix.strip() + " ");
      List<List<TextToText.Written>> written = model.write(texts, options);
      for (int i = 0; i < texts.size(); i++) {
        JsonNode expected = golden.path("found").path(i);
        assertThat(written.get(i)).hasSize(1);
        assertThat(written.get(i).getFirst().text())
            .isEqualTo(expected.path("text").textValue().strip());
        assertThat(written.get(i).getFirst().sourceTokens())
            .isEqualTo(expected.path("source").size());
      }
    }
  }

  @Test
  void bartJudgesHypothesesAsTheReferenceDoes() throws IOException {
    JsonNode golden = golden("bart-mnli").path("own");
    List<String> texts = texts(golden);
    List<String> labels = texts(golden, "labels");
    try (TextClassifier model = TextClassifier.open(temp)) {
      assertThat(TextToText.isOne(temp)).isFalse();
      assertThat(model.labels()).containsExactly("contradiction", "neutral", "entailment");
      List<List<Scored>> scores = model.classify(texts, labels, true);
      for (int i = 0; i < texts.size(); i++) {
        for (int j = 0; j < labels.size(); j++) {
          JsonNode row = golden.path("logits").path(i).path(j);
          double difference = row.path(0).doubleValue() - row.path(2).doubleValue();
          String label = labels.get(j);
          assertThat(scores.get(i).stream().filter(s -> s.label().equals(label)).findFirst())
              .hasValueSatisfying(score ->
                  assertThat(score.score())
                      .isCloseTo(1 / (1 + Math.exp(difference)), within(1e-5)));
        }
      }
    }
  }

  private JsonNode golden(String name) throws IOException {
    SmallCheckpoint.unzip("/dev/dragoman/models/pipelines/text-" + name + ".zip", temp);
    return JsonFile.read(temp.resolve("golden.json"));
  }

  private static List<String> texts(JsonNode golden) {
    return texts(golden, "texts");
  }

  private static List<String> texts(JsonNode golden, String key) {
    List<String> texts = new ArrayList<>();
    golden.path(key).forEach(text -> texts.add(text.textValue()));
    return texts;
  }
}
