package dev.dragoman.tests.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.Scored;
import dev.dragoman.models.TextClassifier;
import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.semantic.Classify;
import dev.dragoman.operators.semantic.Summarize;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operators with small random models that write, or judge what follows from a text. */
class SmallWritersTest {
  @TempDir private Path folder;

  private static Document document(String text) {
    return Document.ofText(URI.create("urn:test:" + text.hashCode()), "text/plain", text);
  }

  private static List<Document> apply(OperatorConfig config, List<Document> documents) {
    try (Operator operator = config.open(OperatorContext.local())) {
      return operator.apply(documents).stream()
          .map(outcome -> ((Outcome.Enriched) outcome).document())
          .toList();
    }
  }

  @Test
  void aLongDocumentIsSummarisedPassageByPassage() throws IOException {
    Path model = SmallModels.unzip("pipelines/text-bart.zip", folder);
    Summarize.Config config = new Summarize.Config(2, 0.3, 300, model.toString());
    Document longer =
        document("The router was off again, and nobody called me back about it. ".repeat(200));
    Document shorter = document("The router was off.");
    List<Document> together = apply(config, List.of(longer, shorter, document("")));
    for (Document document : together.subList(0, 2)) {
      Step step = document.provenance().steps().getLast();
      assertThat(step.model()).isEqualTo(model.toString());
      // Random weights may say anything, or the same over and over, which is not kept.
      assertThat(document.rewrite("summary").isPresent())
          .isEqualTo(step.status() == Step.Status.DONE);
    }
    assertThat(together.get(2).provenance().steps().getLast().note()).contains("no text");
    assertThat(apply(config, List.of(shorter)).getFirst()).isEqualTo(together.get(1));
    assertThat(apply(config, List.of(longer)).getFirst()).isEqualTo(together.get(0));
  }

  @Test
  void labelsAreAskedAboutByNameOrDescription() throws IOException {
    Path model = SmallModels.unzip("pipelines/text-bart-mnli.zip", folder);
    Map<String, List<String>> labels = new LinkedHashMap<>();
    labels.put("late_delivery", List.of("one", "two"));
    labels.put("billing", List.of("a bill that is wrong"));
    Classify.Config config = new Classify.Config("topic", labels, 0, true, model.toString());
    String text = "Where is my parcel?";
    List<Document> documents = apply(config, List.of(document(text), document("")));
    try (TextClassifier classifier = TextClassifier.open(model)) {
      Scored best =
          classifier
              .classify(List.of(text), List.of("late delivery", "a bill that is wrong"), false)
              .getFirst()
              .getFirst();
      Annotation.Label label = documents.getFirst().label("topic").orElseThrow();
      assertThat(label.value())
          .isEqualTo(best.label().equals("late delivery") ? "late_delivery" : "billing");
      assertThat(label.confidence()).isCloseTo(best.score(), within(1e-6));
    }
    assertThat(documents.get(1).provenance().steps().getLast().status())
        .isEqualTo(Step.Status.SKIPPED);
  }

  @Test
  void aModelThatCannotSummariseSaysSo() {
    Path decoder = SmallModels.at("architecture/decoders/gpt2");
    Summarize.Config config = new Summarize.Config(2, 0.3, 300, decoder.toString());
    assertThatThrownBy(() -> config.open(OperatorContext.local()))
        .isInstanceOf(ModelException.class);
  }
}
