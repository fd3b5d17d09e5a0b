package dev.dragoman.operators.semantic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.SharedResource;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Step;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClassifyTest {
  private static final Map<String, List<String>> LABELS = labels();

  private static Map<String, List<String>> labels() {
    Map<String, List<String>> labels = new LinkedHashMap<>();
    labels.put("billing", List.of("my invoice is wrong", "pay the invoice", "invoice too high"));
    labels.put("technical", List.of("the router is broken", "router without connection"));
    labels.put("sales_question", List.of());
    return labels;
  }

  private static Document classified(Classify.Config config, String text) {
    try (Classify classify = open(config)) {
      Document document = Document.ofText(URI.create("urn:test"), "text/plain", text);
      List<Outcome> outcomes =
          classify.apply(
              List.of(Document.ofText(URI.create("urn:other"), "text/plain", "other"), document));
      return ((Outcome.Enriched) outcomes.get(1)).document();
    }
  }

  private static Classify open(Classify.Config config) {
    return new Classify(
        config,
        SharedResource.lease(
            Prototypes.class,
            new Object(),
            () -> Prototypes.of(BagOfWords.lease(), config.labels())));
  }

  private static Annotation.Label category(Document document) {
    return document.label("category").orElseThrow();
  }

  @Test
  void theLabelWithTheNearestExamplesWins() {
    Classify.Config config = Classify.Config.of(LABELS);
    assertThat(category(classified(config, "wrong invoice again")).value()).isEqualTo("billing");
    assertThat(category(classified(config, "my router is broken")).value()).isEqualTo("technical");
    Annotation.Label byName = category(classified(config, "a sales question"));
    assertThat(byName.value()).isEqualTo("sales_question");
    assertThat(byName.confidence()).isBetween(0.5, 1.0);
    assertThat(byName.origin().operator()).isEqualTo("Classify");
  }

  @Test
  void whatIsNotSureIsUnknown() {
    Classify.Config near = new Classify.Config("category", LABELS, 0, true, "m");
    Annotation.Label far = category(classified(near, "strawberries grow best below straw"));
    assertThat(far.value()).isEqualTo("unknown");
    Classify.Config strict = new Classify.Config("category", LABELS, 1.0, false, "m");
    Annotation.Label unsure = category(classified(strict, "invoice for the router"));
    assertThat(unsure.value()).isEqualTo("unknown");
    assertThat(unsure.confidence()).isLessThan(1.0).isGreaterThan(0.3);
  }

  @Test
  void theLabelHasTheKindAskedFor() {
    Document document =
        classified(new Classify.Config("topic", LABELS, 0, false, "m"), "router broken");
    assertThat(document.label("topic").orElseThrow().value()).isEqualTo("technical");
    assertThat(document.label("category")).isEmpty();
    assertThat(document.provenance().steps()).containsExactly(Step.done("Classify", "2", "m"));
  }

  @Test
  void aLongTextIsReadBeyondWhatTheModelTakes() {
    String long1 = "my router is broken. ".repeat(20) + "my invoice is wrong. ".repeat(200);
    assertThat(category(classified(Classify.Config.of(LABELS), long1)).value())
        .isEqualTo("billing");
  }

  @Test
  void withoutTextTheStepIsSkipped() {
    Document document = classified(Classify.Config.of(LABELS), " ");
    assertThat(document.annotations()).isEmpty();
    assertThat(document.provenance().steps().getLast().status()).isEqualTo(Step.Status.SKIPPED);
  }

  @Test
  void documentsOfABatchDoNotInfluenceEachOther() {
    try (Classify classify = open(Classify.Config.of(LABELS))) {
      List<Document> documents = new ArrayList<>();
      String[] words = {"router", "invoice", "broken", "wrong", "pay", "sales", "the", "my"};
      Random random = new Random(3);
      for (int i = 0; i < 40; i++) {
        StringBuilder text = new StringBuilder();
        for (int j = random.nextInt(400); j >= 0; j--) {
          text.append(words[random.nextInt(words.length)]).append(' ');
        }
        documents.add(Document.ofText(URI.create("urn:" + i), "text/plain", text.toString()));
      }
      List<Outcome> together = classify.apply(documents);
      List<Outcome> alone = new ArrayList<>();
      documents.forEach(document -> alone.addAll(classify.apply(List.of(document))));
      assertThat(together).isEqualTo(alone);
    }
  }

  @Test
  void theScaleIsFittedOnlyWhereExamplesCanBeHeldOut() {
    try (Prototypes few = Prototypes.of(BagOfWords.lease(), LABELS)) {
      assertThat(few.scale()).isEqualTo(Prototypes.USUAL_SCALE);
      assertThat(few.floor()).isEqualTo(Prototypes.USUAL_FLOOR);
    }
    Map<String, List<String>> mixed = new LinkedHashMap<>();
    Map<String, List<String>> clear = new LinkedHashMap<>();
    Random random = new Random(1);
    for (String label : List.of("a", "b", "c")) {
      List<String> noise = new ArrayList<>();
      List<String> same = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        noise.add("word" + random.nextInt(9) + " word" + random.nextInt(9));
        same.add("all of " + label + label + label + " " + i % 3);
      }
      mixed.put(label, noise);
      clear.put(label, same);
    }
    try (Prototypes unsure = Prototypes.of(BagOfWords.lease(), mixed);
        Prototypes sure = Prototypes.of(BagOfWords.lease(), clear)) {
      assertThat(unsure.scale()).isLessThan(10);
      assertThat(sure.scale()).isBetween(10.0, 60.0);
      assertThat(sure.floor()).isGreaterThan(unsure.floor());
    }
  }

  @Test
  void probabilitiesSumToOneAndFall() {
    try (Prototypes prototypes = Prototypes.of(BagOfWords.lease(), LABELS)) {
      float[] vector = prototypes.embedder().embed(List.of("pay the router"))[0];
      List<Prototypes.Verdict> verdicts = prototypes.verdicts(vector);
      assertThat(verdicts.stream().mapToDouble(Prototypes.Verdict::probability).sum())
          .isCloseTo(1, org.assertj.core.api.Assertions.within(1e-12));
      assertThat(verdicts)
          .isSortedAccordingTo((a, b) -> Double.compare(b.probability(), a.probability()));
    }
  }

  @Test
  void mistakesInTheConfigurationAreNamed() {
    assertThatThrownBy(() -> Classify.Config.of(Map.of("one", List.of("x"))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("at least two");
    assertThatThrownBy(() -> new Classify.Config("Big Word", LABELS, 0.4, true, "m"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("Big Word");
    assertThatThrownBy(() -> new Classify.Config("category", LABELS, 2, true, "m"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("threshold");
  }
}
