package dev.dragoman.tests.semantic;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.models.TextEmbedder;
import dev.dragoman.models.Tokenizer;
import dev.dragoman.models.catalog.ModelPuller;
import dev.dragoman.models.catalog.ModelStore;
import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.SharedResource;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.semantic.Chunk;
import dev.dragoman.operators.semantic.Classify;
import dev.dragoman.operators.semantic.Embed;
import dev.dragoman.operators.semantic.Summarize;
import dev.dragoman.tests.semantic.Tickets.Ticket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With the real weights of all-minilm-l6-v2, which are pulled if they are not there. */
@Timeout(600)
class SemanticOperatorsTest {
  private static Path model = Path.of("");

  @BeforeAll
  static void pull() {
    model = ModelPuller.ensure(ModelStore.atDefaultHome(), "all-minilm-l6-v2");
  }

  private static Document document(String text) {
    return Document.ofText(URI.create("urn:test:" + text.length()), "text/plain", text);
  }

  private static List<Document> apply(OperatorConfig config, List<Document> documents) {
    try (Operator operator = config.open(OperatorContext.local())) {
      return operator.apply(documents).stream()
          .map(outcome -> ((Outcome.Enriched) outcome).document())
          .toList();
    }
  }

  private static Document apply(OperatorConfig config, Document document) {
    return apply(config, List.of(document)).getFirst();
  }

  @Test
  void tenExamplesAnIntentAreEnoughToSortQuestionsAndConfidencesAreHonest() {
    Tickets tickets = Tickets.banking();
    Classify.Config config =
        new Classify.Config("category", tickets.examples(), 0, false, "all-minilm-l6-v2");
    List<Document> sorted =
        apply(config, tickets.questions().stream().map(ticket -> document(ticket.text())).toList());
    int right = 0;
    int bins = 10;
    double[] promised = new double[bins];
    double[] kept = new double[bins];
    for (int i = 0; i < sorted.size(); i++) {
      Ticket ticket = tickets.questions().get(i);
      Annotation.Label label = sorted.get(i).label("category").orElseThrow();
      boolean correct = label.value().equals(ticket.intent());
      right += correct ? 1 : 0;
      int bin = Math.min(bins - 1, (int) (label.confidence() * bins));
      promised[bin] += label.confidence();
      kept[bin] += correct ? 1 : 0;
    }
    double error = 0;
    for (int bin = 0; bin < bins; bin++) {
      error += Math.abs(promised[bin] - kept[bin]) / sorted.size();
    }
    double accuracy = (double) right / sorted.size();
    assertThat(accuracy).as("accuracy").isGreaterThanOrEqualTo(0.85);
    assertThat(error).as("expected calibration error").isLessThanOrEqualTo(0.1);
  }

  @Test
  void questionsOfOtherKindsAreUnknown() {
    Tickets tickets = Tickets.banking();
    List<Document> sorted =
        apply(
            Classify.Config.of(tickets.examples()),
            List.of(
                document("The recipe needs two eggs and a cup of flour."),
                document("The striker scored twice in the second half."),
                document("Photosynthesis turns light into chemical energy.")));
    assertThat(sorted)
        .extracting(document -> document.label("category").orElseThrow().value())
        .containsOnly("unknown");
  }

  @Test
  void aDescriptionIsEnoughWhereLabelsAreFarApart() {
    Map<String, List<String>> labels =
        Map.of(
            "billing", List.of("Questions about invoices, payments and refunds."),
            "technical", List.of("The internet connection or a device does not work."));
    List<Document> sorted =
        apply(
            Classify.Config.of(labels),
            List.of(
                document("I was charged twice for the same month."),
                document("My router keeps restarting and the wifi drops.")));
    assertThat(sorted)
        .extracting(document -> document.label("category").orElseThrow().value())
        .containsExactly("billing", "technical");
  }

  @Test
  void chunksOfARealTextStayWithinTheModelAndAreFoundByMeaning() {
    Tickets tickets = Tickets.banking();
    List<String> texts = tickets.questions().stream().map(Ticket::text).toList();
    Document chunked =
        apply(new Chunk.Config(60, 15, "all-minilm-l6-v2"), document(String.join(" ", texts)));
    List<Document> embedded = apply(Embed.Config.defaults(), List.of(document("nothing"), chunked));
    List<Annotation.Chunk> chunks = embedded.get(1).annotationsOf(Annotation.Chunk.class);
    Tokenizer tokenizer = Tokenizer.open(model);
    assertThat(chunks)
        .hasSizeGreaterThan(30)
        .allSatisfy(chunk -> assertThat(tokenizer.count(chunk.text())).isLessThanOrEqualTo(60));
    int found = 0;
    try (TextEmbedder embedder = TextEmbedder.open(model)) {
      float[][] queries = embedder.embed(texts);
      for (int i = 0; i < texts.size(); i++) {
        float[] query = queries[i];
        String text = texts.get(i);
        boolean near =
            chunks.stream()
                .sorted((a, b) -> Double.compare(cosine(b, query), cosine(a, query)))
                .limit(3)
                .anyMatch(chunk -> chunk.text().contains(text));
        found += near ? 1 : 0;
      }
    }
    assertThat((double) found / texts.size()).isGreaterThanOrEqualTo(0.8);
  }

  private static double cosine(Annotation.Chunk chunk, float[] query) {
    float[] vector = requireNonNull(chunk.embedding()).vector();
    double sum = 0;
    for (int i = 0; i < query.length; i++) {
      sum += vector[i] * query[i];
    }
    return sum;
  }

  @Test
  void allOperatorsShareOneModel() {
    try (Operator chunk = Chunk.Config.defaults().open(OperatorContext.local());
        Operator embed = Embed.Config.defaults().open(OperatorContext.local());
        var lease =
            SharedResource.lease(
                TextEmbedder.class,
                model,
                () -> {
                  throw new AssertionError("opened a second time");
                })) {
      assertThat(lease.get().dimensions()).isEqualTo(384);
      assertThat(chunk.apply(List.of(document("One.")))).hasSize(1);
      assertThat(embed.apply(List.of(document("Two.")))).hasSize(1);
    }
  }

  @Test
  void vectorsDoNotDependOnTheBatch() {
    List<Document> chunked =
        apply(
            Chunk.Config.defaults(),
            Tickets.banking().questions().stream()
                .limit(30)
                .map(ticket -> document(ticket.text()))
                .toList());
    List<Document> alone = new ArrayList<>();
    chunked.forEach(document -> alone.add(apply(Embed.Config.defaults(), document)));
    assertThat(apply(Embed.Config.defaults(), chunked)).isEqualTo(alone);
  }

  @Test
  void theSummaryQuotesWhatTheTextIsAbout() {
    String text =
        "Hello team. I hope that you had a nice weekend. Since Monday my internet connection drops"
            + " every evening around eight. The router restarts by itself and the connection is gone"
            + " for ten minutes. I have replaced the cable already. My daughter needs the internet"
            + " for her school work in the evening. By the way, the new logo looks great. Could a"
            + " technician look at the internet connection this week? Kind regards, Anna.";
    Document document = apply(Summarize.Config.defaults(), document(text));
    String summary = document.rewrite("summary").orElseThrow().value();
    assertThat(summary).contains("connection").doesNotContain("logo", "Kind regards", "weekend");
    assertThat(
            document.annotationsOf(Annotation.TextSpan.class).stream()
                .map(span -> text.substring(span.start(), span.end()))
                .collect(Collectors.joining(" ")))
        .isEqualTo(summary);
  }
}
