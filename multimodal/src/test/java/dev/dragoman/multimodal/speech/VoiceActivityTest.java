package dev.dragoman.multimodal.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.multimodal.speech.VoiceActivity.Stretch;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VoiceActivityTest {
  private static final int SECOND = 50;

  private final Random random = new Random(7);

  /** Seconds of sound at about this loudness. */
  private float[] hiss(int seconds, double db) {
    float[] frames = new float[seconds * SECOND];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = (float) (db + random.nextGaussian());
    }
    return frames;
  }

  /** Lays speech at this loudness over frames: syllables with the dips between them. */
  private void speak(float[] frames, int from, int to, double db) {
    for (int i = from; i < to; i++) {
      frames[i] = (float) Math.max(frames[i], db + 8 * Math.sin(i * 0.6) + random.nextGaussian());
    }
  }

  @Test
  void silenceHasNoSpeech() {
    assertThat(VoiceActivity.find(hiss(60, -75))).isEmpty();
  }

  @Test
  void aSoundWithoutLengthHasNoSpeech() {
    assertThat(VoiceActivity.find(new float[0])).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-90, -70, -60, -50, -45})
  void speechIsFoundWithItsTimesWhateverTheNoiseFloor(double floor) {
    float[] frames = hiss(60, floor);
    speak(frames, 500, 650, -20);
    speak(frames, 2000, 2300, -20);

    List<Stretch> found = VoiceActivity.find(frames);

    assertThat(found).hasSize(2);
    assertThat(found.get(0).start()).isBetween(480, 500);
    assertThat(found.get(0).end()).isBetween(650, 680);
    assertThat(found.get(1).start()).isBetween(1980, 2000);
    assertThat(found.get(1).end()).isBetween(2300, 2330);
  }

  @Test
  void aNoiseFloorThatRisesIsFollowed() {
    float[] frames = hiss(120, -70);
    System.arraycopy(hiss(60, -48), 0, frames, 60 * SECOND, 60 * SECOND);
    speak(frames, 20 * SECOND, 22 * SECOND, -18);
    speak(frames, 100 * SECOND, 102 * SECOND, -18);

    assertThat(VoiceActivity.find(frames))
        .anySatisfy(stretch -> assertThat(stretch.start()).isBetween(985, 1000))
        .anySatisfy(stretch -> assertThat(stretch.start()).isBetween(4985, 5000))
        .allSatisfy(stretch -> assertThat(stretch.end() - stretch.start()).isLessThan(6 * SECOND));
  }

  @Test
  void speechFromTheFirstFrameToTheLastIsKeptWhole() {
    float[] frames = hiss(8, -60);
    speak(frames, 0, frames.length, -20);

    assertThat(VoiceActivity.find(frames)).containsExactly(new Stretch(0, frames.length));
  }

  @Test
  void speechDrownedInNoiseIsHeardRatherThanLost() {
    float[] frames = hiss(20, -26);
    speak(frames, 300, 600, -24);

    assertThat(VoiceActivity.find(frames)).containsExactly(new Stretch(0, frames.length));
  }

  @Test
  void theOtherSideLeakingInIsNotSpeech() {
    float[] frames = hiss(60, -90);
    speak(frames, 500, 800, -15);
    speak(frames, 1500, 1900, -58);

    assertThat(VoiceActivity.find(frames)).hasSize(1);
  }

  @Test
  void aClickIsNotSpeech() {
    float[] frames = hiss(30, -70);
    speak(frames, 100, 250, -20);
    frames[900] = -10;
    frames[901] = -15;

    assertThat(VoiceActivity.find(frames)).hasSize(1);
  }

  @Test
  void aShortPauseDoesNotCutASentence() {
    float[] frames = hiss(30, -70);
    speak(frames, 100, 250, -20);
    speak(frames, 270, 400, -20);

    assertThat(VoiceActivity.find(frames)).hasSize(1);
  }

  @Test
  void speechWithoutEndIsCutWhereItIsQuietest() {
    float[] frames = hiss(100, -60);
    speak(frames, 0, frames.length, -20);
    frames[1200] = -59;

    List<Stretch> found = VoiceActivity.find(frames);

    assertThat(found.getFirst()).isEqualTo(new Stretch(0, 1200));
    assertThat(found.getLast().end()).isEqualTo(frames.length);
    for (int i = 1; i < found.size(); i++) {
      assertThat(found.get(i).start()).isEqualTo(found.get(i - 1).end());
    }
    assertThat(found)
        .allSatisfy(
            stretch -> assertThat(stretch.end() - stretch.start()).isBetween(1, 30 * SECOND));
  }
}
