package dev.dragoman.operators.semantic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import dev.dragoman.operators.text.Sentences;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkTest {
  private static Document document(String text) {
    return Document.ofText(URI.create("urn:test"), "text/plain", text);
  }

  private static Document apply(Document document, int tokens, int overlap) {
    try (Chunk chunk =
        new Chunk(new Chunk.Config(tokens, overlap, "bag-of-words"), BagOfWords.lease())) {
      return ((Outcome.Enriched) chunk.apply(List.of(document)).getFirst()).document();
    }
  }

  private static List<Annotation.Chunk> chunks(Document document) {
    return document.annotationsOf(Annotation.Chunk.class);
  }

  private static List<String> texts(String text, int tokens, int overlap) {
    return chunks(apply(document(text), tokens, overlap)).stream().map(c -> c.text()).toList();
  }

  private static String sentences(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "This one is line " + i + ".")
        .collect(Collectors.joining(" "));
  }

  @Test
  void chunksEndWithSentencesAndRepeatWholeOnes() {
    // Six tokens each.
    List<String> texts = texts(sentences(10, 20), 24, 7);
    assertThat(texts).containsExactly(sentences(10, 14), sentences(13, 17), sentences(16, 20));
  }

  @Test
  void withoutOverlapNothingIsRepeated() {
    assertThat(texts(sentences(10, 18), 24, 0))
        .containsExactly(sentences(10, 14), sentences(14, 18));
  }

  @Test
  void aNewSectionStartsANewChunk() {
    String one = "# One\n" + sentences(10, 12);
    String two = "## Two\n\n" + sentences(12, 14);
    assertThat(texts(one + "\n\n" + two, 40, 12)).containsExactly(one, two);
  }

  @Test
  void headingsWithLittleBelowThemStayTogether() {
    String text = "# One\n\n## Two\n\n" + sentences(10, 12);
    assertThat(texts(text, 40, 12)).containsExactly(text);
  }

  @Test
  void aParagraphThatFillsHalfAChunkIsNotTornFromItsEnd() {
    String one = sentences(10, 13);
    String two = sentences(13, 16);
    assertThat(texts(one + "\n\n" + two, 30, 0)).containsExactly(one, two);
  }

  @Test
  void aSentenceThatIsTooLongIsCutBetweenWords() {
    String words = "abcd ".repeat(100).strip();
    List<String> texts = texts(words, 20, 5);
    assertThat(texts).allSatisfy(text -> assertThat(text).matches("abcd( abcd)*"));
    assertThat(texts.getFirst().length()).isGreaterThanOrEqualTo(15 * 5 - 1);
    assertThat(texts).hasSizeBetween(6, 8);
  }

  @Test
  void aWordThatIsTooLongIsCutBetweenTokens() {
    String word = "\uD83D\uDE00".repeat(100);
    List<String> texts = texts(word, 16, 0);
    assertThat(String.join("", texts)).isEqualTo(word);
    assertThat(texts).allSatisfy(t -> assertThat(t.codePoints()).allMatch(c -> c == 0x1F600));
  }

  @Test
  void everyPartIsCutByItselfAndKeepsItsPage() {
    Document document =
        document("ignored")
            .withParts(
                List.of(
                    new TextPart(
                        new PartId("page:1"), PartId.FILE, TextPart.Role.BODY, 1, "Page one."),
                    new TextPart(new PartId("page:2"), PartId.FILE, TextPart.Role.OCR, 2, " \n "),
                    new TextPart(
                        new PartId("page:3"), PartId.FILE, TextPart.Role.OCR, 3, " Page three.")));
    assertThat(chunks(apply(document, 40, 10)))
        .extracting(c -> c.ordinal(), c -> c.page(), c -> c.start(), c -> c.text())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(0, 1, 0, "Page one."),
            org.assertj.core.groups.Tuple.tuple(1, 3, 1, "Page three."));
  }

  @Test
  void chunksOfATranscriptKnowWhenTheyWereSaid() {
    String text = sentences(10, 18);
    List<Annotation> words = new ArrayList<>();
    Origin origin = new Origin(PartId.TEXT, "Transcribe", "1", "m");
    double time = 0;
    for (int start = 0; start < text.length(); ) {
      int end = text.indexOf(' ', start);
      end = end < 0 ? text.length() : end;
      words.add(
          new Annotation.Interval(
              origin, "word", text.substring(start, end), 1, start, end, time, time + 0.5));
      time += 1;
      start = end + 1;
    }
    words.add(new Annotation.Interval(origin, "segment", "", 1, 0, text.length(), 0, 1000));
    words.add(new Annotation.Interval(origin, "word", "", 1, -1, -1, 500, 501));
    List<Annotation.Chunk> chunks = chunks(apply(document(text).plus(words), 24, 0));
    assertThat(chunks).hasSize(2);
    assertThat(chunks.get(0).startSeconds()).isZero();
    assertThat(chunks.get(0).endSeconds()).isEqualTo(19.5);
    assertThat(chunks.get(1).startSeconds()).isEqualTo(20);
    assertThat(chunks.get(1).endSeconds()).isEqualTo(39.5);
  }

  @Test
  void withoutTimesOfWordsThoseOfSegmentsCount() {
    Annotation segment =
        new Annotation.Interval(
            new Origin(PartId.TEXT, "Transcribe", "1", "m"), "segment", "", 1, 0, 5, 2, 3);
    Annotation.Chunk chunk =
        chunks(apply(document("Hello there.").plus(List.of(segment)), 24, 0)).getFirst();
    assertThat(chunk.startSeconds()).isEqualTo(2);
    assertThat(chunk.endSeconds()).isEqualTo(3);
  }

  @Test
  void anEmptyDocumentHasNoChunksAndAStep() {
    Document chunked = apply(document(""), 24, 0);
    assertThat(chunked.annotations()).isEmpty();
    assertThat(chunked.provenance().steps())
        .containsExactly(Step.done("Chunk", "1", "bag-of-words"));
  }

  @Test
  void cuttingAgainReplacesTheChunks() {
    Document twice = apply(apply(document(sentences(10, 20)), 24, 0), 48, 0);
    assertThat(chunks(twice)).extracting(c -> c.ordinal()).containsExactly(0, 1);
  }

  @Test
  void randomTextsAreCutWithinTheLimitAndNothingIsLost() {
    Random random = new Random(5);
    String[] bits = {
      "word",
      "longerwordthanothers",
      ".",
      ". ",
      "! ",
      "\n",
      "\n\n",
      " ",
      "# ",
      "- ",
      "\uD83D\uDE00",
      "漢字",
      "。",
      "e.g. ",
      "\r\n",
      "3.14",
      "\t",
      "=====\n",
      "```\n",
      "Ünïcode "
    };
    for (int round = 0; round < 600; round++) {
      StringBuilder builder = new StringBuilder();
      for (int i = random.nextInt(250); i > 0; i--) {
        builder.append(bits[random.nextInt(bits.length)]);
      }
      String text = builder.toString();
      int tokens = 16 + random.nextInt(60);
      int overlap = random.nextInt(tokens / 2);
      List<Annotation.Chunk> chunks = chunks(apply(document(text), tokens, overlap));
      int covered = 0;
      int previousStart = -1;
      for (Annotation.Chunk chunk : chunks) {
        assertThat(chunk.text()).isEqualTo(text.substring(chunk.start(), chunk.end()));
        assertThat(BagOfWords.TOKENIZER.count(chunk.text())).isBetween(0, tokens);
        assertThat(chunk.start()).isGreaterThan(previousStart);
        if (chunk.start() > covered) {
          assertThat(text.substring(covered, chunk.start()))
              .matches(between -> between.chars().allMatch(c -> Sentences.isBlank((char) c)));
        } else {
          int repeated = BagOfWords.TOKENIZER.count(text.substring(chunk.start(), covered));
          assertThat(repeated).isLessThanOrEqualTo(overlap);
        }
        assertThat(chunk.end()).isGreaterThan(covered);
        covered = chunk.end();
        previousStart = chunk.start();
      }
      assertThat(text.substring(covered))
          .matches(rest -> rest.chars().allMatch(c -> Sentences.isBlank((char) c)));
      assertThat(chunks(apply(document(text), tokens, overlap))).isEqualTo(chunks);
    }
  }

  @Test
  void moreTokensThanTheModelTakesAreRefused() {
    assertThatThrownBy(
            () -> new Chunk(new Chunk.Config(300, 0, "bag-of-words"), BagOfWords.lease()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("256");
  }

  @Test
  void anOverlapOfHalfAChunkIsRefused() {
    assertThatThrownBy(() -> new Chunk.Config(200, 100, "m"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("overlap");
  }

  @Test
  void defaultsAreTwoHundredAndForty() {
    assertThat(Chunk.Config.defaults()).isEqualTo(new Chunk.Config(200, 40, "all-minilm-l6-v2"));
  }
}
