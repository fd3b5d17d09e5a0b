package dev.dragoman.operators.semantic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SummarizeTest {
  private static Document document(String text) {
    return Document.ofText(URI.create("urn:test"), "text/plain", text);
  }

  private static Document summarized(Document document, int sentences, double diversity) {
    try (Summarize summarize =
        new Summarize(
            new Summarize.Config(sentences, diversity, Math.max(sentences, 50), "m"),
            BagOfWords.lease())) {
      // In a batch with others, whose sentences must not get mixed up with these.
      List<Outcome> outcomes =
          summarize.apply(
              List.of(
                  document("Some other text here. And one more of it. Then a third one follows."),
                  document,
                  document("")));
      return ((Outcome.Enriched) outcomes.get(1)).document();
    }
  }

  private static String summary(Document document) {
    return document.rewrite("summary").orElseThrow().value();
  }

  @Test
  void itQuotesTheSentenceThatAllOthersShareWordsWith() {
    String central = "The router loses the connection every night and the router is new.";
    String text =
        "The router is new and white. "
            + central
            + " Every night the connection is gone. My cat likes fish."
            + " The connection of the router is slow.";
    assertThat(summary(summarized(document(text), 1, 0))).isEqualTo(central);
  }

  @Test
  void diversityAvoidsSayingItTwice() {
    String text =
        "The router loses the connection every night. The router loses the connection each night."
            + " The router loses the connection this night. The invoice of March is wrong.";
    assertThat(summary(summarized(document(text), 2, 0))).doesNotContain("invoice");
    assertThat(summary(summarized(document(text), 2, 0.7))).contains("invoice", "router");
  }

  @Test
  void quotesStandInTheTextInItsOrder() {
    String text =
        IntStream.range(0, 40)
            .mapToObj(i -> "Sentence number " + i + " speaks of\nthing " + i * 7 % 11 + ".")
            .collect(Collectors.joining(" "));
    Document document = summarized(document(text), 5, 0.4);
    List<Annotation.TextSpan> spans = document.annotationsOf(Annotation.TextSpan.class);
    assertThat(spans).hasSize(5).allMatch(span -> span.kind().equals("sentence"));
    int at = -1;
    for (Annotation.TextSpan span : spans) {
      assertThat(span.value()).isEqualTo(text.substring(span.start(), span.end()));
      assertThat(span.start()).isGreaterThan(at);
      at = span.end();
    }
    assertThat(summary(document))
        .isEqualTo(
            spans.stream()
                .map(span -> span.value().replace('\n', ' '))
                .collect(Collectors.joining(" ")));
  }

  @Test
  void aShortTextIsItsOwnSummary() {
    Document document = summarized(document("  Just one.\nOr two. "), 3, 0.4);
    assertThat(summary(document)).isEqualTo("Just one. Or two.");
    assertThat(document.annotationsOf(Annotation.TextSpan.class)).hasSize(2);
    assertThat(document.provenance().steps()).containsExactly(Step.done("Summarize", "1", "m"));
  }

  @Test
  void greetingsAndHeadingsAreNotQuoted() {
    String text =
        "# Router router router router\n\nHi all. The router is broken again today. Yes. No. It"
            + " started in the night of Monday. Nobody answers the phone.";
    assertThat(summary(summarized(document(text), 2, 0.4)))
        .doesNotContain("#", "Hi all", "Yes", "No.");
  }

  @Test
  void theSummaryIsInTheLanguageOfTheText() {
    Annotation dutch =
        new Annotation.Label(
            new Origin(PartId.TEXT, "DetectLanguage", "1", ""), "language", "nl", 0.9);
    Document document = summarized(document("Een zin.").plus(List.of(dutch)), 3, 0.4);
    assertThat(document.rewrite("summary").orElseThrow().language()).isEqualTo("nl");
  }

  @Test
  void sentencesOfSeveralPartsKeepTheirPart() {
    Document document =
        document("x")
            .withParts(
                List.of(
                    new TextPart(
                        new PartId("page:1"), PartId.FILE, TextPart.Role.BODY, 1, "First page."),
                    new TextPart(
                        new PartId("page:2"), PartId.FILE, TextPart.Role.BODY, 2, "Second page.")));
    assertThat(summarized(document, 3, 0.4).annotationsOf(Annotation.TextSpan.class))
        .extracting(span -> span.origin().part().value())
        .containsExactly("page:1", "page:2");
  }

  @Test
  void withoutTextTheStepIsSkipped() {
    Document document = summarized(document(" \n "), 3, 0.4);
    assertThat(document.annotations()).isEmpty();
    assertThat(document.provenance().steps().getLast().status()).isEqualTo(Step.Status.SKIPPED);
  }

  @Test
  void aVeryLongTextIsReadAllOver() {
    String text =
        IntStream.range(0, 5000)
            .mapToObj(i -> "Sentence number " + i + " of a long text.")
            .collect(Collectors.joining(" "));
    Document document = summarized(document(text), 50, 0);
    List<Annotation.TextSpan> spans = document.annotationsOf(Annotation.TextSpan.class);
    assertThat(spans).hasSize(50);
    assertThat(spans.getLast().start()).isGreaterThan(text.length() / 2);
  }
}
