package dev.dragoman.operators.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.record.Annotation.Label;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.TextPart;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One operator for all: the models are given back when the last one is closed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DetectLanguageTest {
  private final Operator detect = DetectLanguage.Config.defaults().open(OperatorContext.local());

  @AfterAll
  void close() {
    detect.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          nl; Mijn pakket is nog steeds niet bezorgd, kunt u uitzoeken waar het is?
          en; My parcel has still not been delivered, could you find out where it is?
          pt; A minha encomenda ainda não foi entregue, pode verificar onde está?
          de; Mein Paket wurde immer noch nicht zugestellt, wo befindet es sich?
          fr; Mon colis n'est toujours pas arrivé, pouvez-vous vérifier où il est?
          ko; 제 소포가 아직 도착하지 않았습니다. 확인해 주시겠습니까?
          """)
  void languageOfASentenceIsFoundWithConfidence(String language, String text) {
    Label label = label(apply(document(text)));
    assertThat(label.value()).isEqualTo(language);
    assertThat(label.confidence()).isBetween(0.9, 1.0);
  }

  @ParameterizedTest
  @CsvSource({"''", "'12345 67890'", "'!?'", "'ok'", "'   '"})
  void textsWithHardlyALetterAreUndetermined(String text) {
    Label label = label(apply(document(text)));
    assertThat(label.value()).isEqualTo("und");
    assertThat(label.confidence()).isEqualTo(0);
  }

  @Test
  void labelledSentencesAreToldApart() {
    List<LabelledSentences> sentences = new ArrayList<>(LabelledSentences.in("pii.tsv"));
    sentences.addAll(LabelledSentences.in("pii-heldout.tsv"));
    int right = 0;
    int told = 0;
    double confidence = 0;
    for (LabelledSentences sentence : sentences) {
      Label label = label(apply(document(sentence.text())));
      if (!label.value().equals("und")) {
        told++;
        right += label.value().equals(sentence.language()) ? 1 : 0;
        confidence += label.confidence();
      }
    }
    assertThat(told).isGreaterThan(sentences.size() * 9 / 10);
    assertThat((double) right / told).isGreaterThanOrEqualTo(0.95);
    assertThat(confidence / told).isBetween((double) right / told - 0.08, 1.0);
  }

  @Test
  void partsInDifferentLanguagesGetLabelsAndTheDocumentTheLast() {
    Document mixed =
        document("")
            .withParts(
                List.of(
                    part("page:1", "Dit contract is opgesteld in het Nederlands en in het Engels."),
                    part(
                        "page:2",
                        "This contract was drawn up in Dutch and in English, and in case of doubt"
                            + " the English text prevails over the other one.")));
    List<Label> labels = apply(mixed).annotationsOf(Label.class);
    assertThat(labels).extracting(Label::value).containsExactly("nl", "en", "en");
    assertThat(labels)
        .extracting(label -> label.origin().part().value())
        .containsExactly("page:1", "page:2", "page:2");
  }

  @Test
  void longTextsAreSampledTheSameWayEachTime() {
    String text = "Dit is een lange tekst over niets in het bijzonder. ".repeat(20_000);
    String sample = DetectLanguage.sample(text, 3000);
    assertThat(sample).hasSizeBetween(2000, 3100).isEqualTo(DetectLanguage.sample(text, 3000));
    assertThat(sample.split(" ", -1)).allMatch(word -> word.isEmpty() || text.contains(word + " "));
    assertThat(label(apply(document(text))).value()).isEqualTo("nl");
  }

  @Test
  void samplesNeverCutACharacterInTwo() {
    String text = "😀".repeat(5000);
    String sample = DetectLanguage.sample(text, 1000);
    assertThat(sample.codePoints()).allMatch(c -> c == ' ' || c == 0x1F600);
  }

  @Test
  void documentsWithoutTextGetNoLabel() {
    assertThat(apply(document("").withParts(List.of())).annotations()).isEmpty();
  }

  @Test
  void languagesThatDoNotExistAreRefused() {
    assertThatThrownBy(() -> new DetectLanguage.Config(List.of("nl", "dutch"), 6, 0.5, 3000))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("does not know the language 'dutch'");
    assertThatThrownBy(() -> new DetectLanguage.Config(List.of("nl", "nl"), 6, 0.5, 3000))
        .hasMessageContaining("at least two languages");
  }

  private static TextPart part(String id, String text) {
    return new TextPart(new PartId(id), PartId.FILE, TextPart.Role.BODY, 1, text);
  }

  private static Label label(Document document) {
    return document.label("language").orElseThrow();
  }

  private static Document document(String text) {
    return Document.ofText(URI.create("file:///t.txt"), "text/plain", text);
  }

  private Document apply(Document document) {
    return ((Outcome.Enriched) detect.apply(List.of(document)).getFirst()).document();
  }
}
