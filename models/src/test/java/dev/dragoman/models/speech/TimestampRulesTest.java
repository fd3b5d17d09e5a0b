package dev.dragoman.models.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.models.Tokenizer;
import dev.dragoman.models.architecture.Memory;
import dev.dragoman.models.kernel.ScalarKernels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Ten words, then the end (10), the start (11), no times (12), then times from 13 on. */
class TimestampRulesTest {
  private static final int END = 10;
  private static final int TIMES = 13;
  private static final int VOCABULARY = 80;

  private static final SpeechTokens TOKENS =
      new SpeechTokens(new NoTokenizer(), VOCABULARY, END, 11, -1, -1, 12, TIMES, -1, -1, Map.of());

  private static final TimestampRules RULES =
      new TimestampRules(
          TOKENS,
          new SpeechSettings(new int[] {3}, new int[] {4, END}, List.of(), Optional.empty()));

  /** What may come after this text; words are likelier than times unless {@code time} is. */
  private static int[] allowed(boolean time, int... written) {
    float[] logits = new float[VOCABULARY + 5];
    Arrays.fill(logits, 5, 5 + TIMES, time ? 1 : 9);
    RULES.apply(new ScalarKernels(), written, written.length, logits, 5);
    return IntStream.range(0, VOCABULARY)
        .filter(id -> logits[5 + id] > Float.NEGATIVE_INFINITY)
        .toArray();
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  @Test
  void aTextBeginsWithATimeInItsFirstSecond() {
    assertThat(allowed(false)).containsExactly(range(TIMES, TIMES + 51));
  }

  @Test
  void afterTheFirstTimeComesTextAndNothingThatIsSuppressed() {
    assertThat(allowed(false, TIMES + 2)).containsExactly(0, 1, 2, 4, 5, 6, 7, 8, 9, END);
  }

  @Test
  void afterTextComesTextOrALaterTime() {
    assertThat(allowed(false, TIMES + 2, 5)).contains(1, END, TIMES + 3).doesNotContain(TIMES + 2);
  }

  @Test
  void whenTimesTogetherAreLikelierThanAnyWordATimeComes() {
    assertThat(allowed(true, TIMES + 2, 5)).containsExactly(range(TIMES + 3, VOCABULARY));
  }

  @Test
  void afterTheTimeThatEndsASegmentComesOneNotEarlierOrTheEnd() {
    int[] ids = allowed(false, TIMES + 2, 5, TIMES + 9);
    assertThat(ids).contains(END, TIMES + 9).doesNotContain(1, TIMES + 8);
  }

  @Test
  void afterAPairOfTimesComesText() {
    assertThat(allowed(true, TIMES + 2, 5, TIMES + 9, TIMES + 9))
        .contains(1, END)
        .doesNotContain(range(TIMES, VOCABULARY));
  }

  @Test
  void windowsAreCutBetweenPairsOfTimes() {
    Ear.Heard heard = new Ear.Heard(Memory.NONE, new float[0], 1000, 3000);
    Segments.Cut cut =
        Segments.cut(
            TOKENS,
            new int[] {TIMES, 1, 2, TIMES + 10, TIMES + 15, 3, TIMES + 30, TIMES + 30, 4},
            heard);
    assertThat(cut.segments())
        .extracting(Segments.Segment::start)
        .containsExactly(10.0, 10 + 15 * SpeechTokens.STEP);
    assertThat(cut.segments())
        .extracting(Segments.Segment::end)
        .containsExactly(10.2, 10 + 30 * SpeechTokens.STEP);
    assertThat(cut.frames()).isEqualTo(60);
    assertThat(cut.ends()).isFalse();
  }

  @Test
  void aTextThatEndsWithASingleTimeCoversTheWindow() {
    Ear.Heard heard = new Ear.Heard(Memory.NONE, new float[0], 0, 3000);
    Segments.Cut cut =
        Segments.cut(TOKENS, new int[] {TIMES, 1, TIMES + 9, TIMES + 9, 2, TIMES + 20}, heard);
    assertThat(cut.frames()).isEqualTo(3000);
    assertThat(cut.ends()).isTrue();
    assertThat(cut.segments()).hasSize(2);
  }

  @Test
  void whatIsSaidOverAndOverIsKeptOnce() {
    int[] looping = new int[2 + 3 * 8 + 1];
    looping[0] = TIMES;
    looping[1] = 7;
    for (int i = 0; i < 24; i++) {
      looping[2 + i] = i % 3;
    }
    looping[26] = TIMES + 40;
    assertThat(Loops.cut(TOKENS, looping)).containsExactly(TIMES, 7, 0, 1, 2, TIMES + 40);
    int[] plain = {TIMES, 1, 1, 2, 2, 1, 2, 1, 2, TIMES + 3};
    assertThat(Loops.cut(TOKENS, plain)).isSameAs(plain);
  }

  /** These rules look at no text. */
  private static final class NoTokenizer implements Tokenizer {
    @Override
    public Tokens encode(String text) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Tokens encodeForModel(String text, int limit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int vocabularySize() {
      return VOCABULARY;
    }

    @Override
    public String token(int id) {
      return Integer.toString(id);
    }
  }
}
