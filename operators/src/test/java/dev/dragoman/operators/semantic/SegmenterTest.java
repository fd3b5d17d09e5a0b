package dev.dragoman.operators.semantic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.operators.semantic.Segmenter.Boundary;
import dev.dragoman.operators.semantic.Segmenter.Segment;
import dev.dragoman.operators.text.Sentences;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmenterTest {
  private static List<String> texts(String text, String language) {
    return Segmenter.segments(text, language).stream()
        .map(segment -> text.substring(segment.start(), segment.end()))
        .toList();
  }

  private static List<String> headings(String text) {
    return Segmenter.segments(text, "en").stream()
        .filter(Segment::heading)
        .map(segment -> text.substring(segment.start(), segment.end()))
        .toList();
  }

  @Test
  void sentencesEndWhereTheyEnd() {
    assertThat(texts("First one. Second one! Is this a third? Yes.", "en"))
        .containsExactly("First one.", "Second one!", "Is this a third?", "Yes.");
  }

  @Test
  void abbreviationsAndInitialsEndNoSentence() {
    assertThat(texts("Dr. Smith met J. Doe of the U.S. Army. They left.", "en"))
        .containsExactly("Dr. Smith met J. Doe of the U.S. Army.", "They left.");
    assertThat(texts("Dhr. Jansen belde m.b.t. Uw factuur. Zie bijv. Artikel 3.", "nl"))
        .containsExactly("Dhr. Jansen belde m.b.t. Uw factuur.", "Zie bijv. Artikel 3.");
  }

  @Test
  void aLineBreakInsideAParagraphEndsNothing() {
    assertThat(texts("One sentence that is\nwrapped over lines.\r\nAnother one.", "en"))
        .containsExactly("One sentence that is\nwrapped over lines.", "Another one.");
  }

  @Test
  void otherScriptsHaveSentencesToo() {
    assertThat(texts("今日は。元気ですか？はい。", "ja")).containsExactly("今日は。", "元気ですか？", "はい。");
    assertThat(texts("안녕하세요. 반갑습니다.", "ko")).containsExactly("안녕하세요.", "반갑습니다.");
  }

  @Test
  void markdownHeadingsAreHeadings() {
    assertThat(
            headings(
                "# Title\ntext text\n\nSection\n-------\nmore text\n\n```\n# no heading\n```\n## Two"))
        .containsExactly("# Title", "Section\n-------", "## Two");
  }

  @Test
  void aShortLineAboveAParagraphIsAHeading() {
    String text =
        "Opening hours\n\nThe shop is open from nine to five on all working days.\n\nThanks.\n\nBye";
    assertThat(headings(text)).containsExactly("Opening hours");
  }

  @Test
  void listItemsAreParagraphsOfTheirOwn() {
    String text = "To do:\n- call the customer\n- send a mail\n1. wait";
    assertThat(texts(text, "en"))
        .containsExactly("To do:", "- call the customer", "- send a mail", "1. wait");
    assertThat(Segmenter.segments(text, "en"))
        .extracting(Segment::before)
        .containsOnly(Boundary.PARAGRAPH);
  }

  @Test
  void nothingButBlanksIsLostInRandomText() {
    Random random = new Random(11);
    String alphabet = "ab C.!?\n\r\t #-=`1\u00a0\u2028Ü漢\uD83D\uDE00 ";
    for (int round = 0; round < 3_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(80); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      int at = 0;
      for (Segment segment : Segmenter.segments(text.toString(), "en")) {
        assertThat(segment.start()).isGreaterThanOrEqualTo(at).isLessThan(segment.end());
        assertBlank(text.substring(at, segment.start()));
        at = segment.end();
      }
      assertBlank(text.substring(at));
    }
  }

  private static void assertBlank(String between) {
    assertThat(between.chars().allMatch(c -> Sentences.isBlank((char) c)))
        .as("lost: %s", between)
        .isTrue();
  }
}
