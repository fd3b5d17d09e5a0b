package dev.dragoman.connectors.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class CodePointsTest {
  @RepeatedTest(20)
  void agreesWithCountingFromTheBeginning(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      switch (random.nextInt(4)) {
        case 0 -> text.appendCodePoint(0x1f600 + random.nextInt(50));
        case 1 -> text.append((char) (0xd800 + random.nextInt(0x800)));
        default -> text.append((char) ('a' + random.nextInt(26)));
      }
    }
    CodePoints codePoints = new CodePoints(text.toString());
    for (int at = 0; at <= text.length(); at++) {
      boolean inside =
          at > 0
              && at < text.length()
              && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at))
              && text.codePointCount(0, at + 1) == text.codePointCount(0, at);
      int expected = text.codePointCount(0, at) - (inside ? 1 : 0);
      assertThat(codePoints.at(at)).as("offset %d of %s", at, text).isEqualTo(expected);
    }
  }

  @Test
  void countsEmojiOnce() {
    CodePoints codePoints = new CodePoints("a😀b");

    assertThat(codePoints.at(1)).isEqualTo(1);
    assertThat(codePoints.at(3)).isEqualTo(2);
    assertThat(codePoints.at(4)).isEqualTo(3);
  }
}
