package dev.dragoman.multimodal.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.ModelException;
import dev.dragoman.multimodal.speech.Transcript.Segment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranscriptTest {
  private static SpokenWord word(String text, double start, double end) {
    return new SpokenWord(text, start, end, 0.5);
  }

  private static Transcript of(Segment... segments) {
    return new Transcript("ko", 60, 8000, 2, 2, List.of(segments), List.of());
  }

  @Test
  void segmentsAreInOrderOfTime() {
    Segment later = new Segment(1, List.of(word("b", 3, 4)));
    Segment sooner = new Segment(2, List.of(word("a", 1, 2)));

    assertThat(of(later, sooner).segments()).containsExactly(sooner, later);
  }

  @Test
  void aTurnEndsWhenTheOtherSpeaks() {
    Transcript transcript =
        of(
            new Segment(1, List.of(word("a", 0, 1))),
            new Segment(1, List.of(word("b", 2, 3))),
            new Segment(2, List.of(word("c", 3.5, 4))),
            new Segment(1, List.of(word("d", 4.5, 5))));

    assertThat(transcript.turns()).extracting(Transcript.Turn::speaker).containsExactly(1, 2, 1);
    assertThat(transcript.turns().getFirst().startSeconds()).isZero();
    assertThat(transcript.turns().getFirst().endSeconds()).isEqualTo(3);
  }

  @Test
  void aTurnEndsInALongPause() {
    Transcript transcript =
        of(
            new Segment(1, List.of(word("a", 0, 1))),
            new Segment(1, List.of(word("b", 2.9, 3))),
            new Segment(1, List.of(word("c", 5, 6))));

    assertThat(transcript.turns()).extracting(turn -> turn.segments().size()).containsExactly(2, 1);
  }

  @Test
  void aTranscriptWithoutWordsHasNoConfidence() {
    assertThat(of().confidence()).isNaN();
    assertThat(of().turns()).isEmpty();
  }

  @Test
  void wordsTravelFromTheWorkerAndAreCutAtPauses() throws Exception {
    byte[] answer =
        VoskService.Answer.encode(
            List.of(word("하나", 0.5, 1), word("둘", 1.5, 1.9), word("셋", 2.8, 3)));

    assertThat(VoskService.Answer.decode(answer, 10))
        .containsExactly(
            List.of(word("하나", 10.5, 11), word("둘", 11.5, 11.9)), List.of(word("셋", 12.8, 13)));
  }

  @Test
  void aFolderWithoutAModelIsRefused(@TempDir Path folder) {
    assertThatThrownBy(() -> Transcriber.open(folder, Sounds.CACHE))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("am/final.mdl");
  }
}
