package dev.dragoman.multimodal.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dragoman.multimodal.worker.WorkerException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecodedSoundTest {
  private static final double[] FIRST =
      Sounds.join(
          Sounds.silence(1),
          Sounds.voice(3, 1),
          Sounds.silence(4),
          Sounds.voice(2, 3),
          Sounds.silence(4));

  private static final double[] SECOND =
      Sounds.join(
          Sounds.silence(4.5),
          Sounds.voice(3, 2),
          Sounds.silence(3),
          Sounds.voice(2, 4),
          Sounds.silence(1.5));

  @TempDir private Path folder;

  private DecodedSound decode(double[]... channels) throws IOException, WorkerException {
    return SoundDecoder.open(Sounds.CACHE)
        .decode(Sounds.wav(folder.resolve("sound.wav"), channels), SpeechLimits.DEFAULT);
  }

  @Test
  void theTwoChannelsOfACallAreTwoSpeakers() throws Exception {
    try (DecodedSound sound =
        decode(Sounds.heard(FIRST, 1, 0.001, 1), Sounds.heard(SECOND, 0.7, 0.001, 2))) {
      assertThat(sound.speakers()).isEqualTo(2);
      assertThat(sound.speech(1)).hasSize(2);
      assertThat(sound.speech(2)).hasSize(2);
      assertThat(sound.speech(1).getFirst().startSeconds()).isBetween(0.7, 1.0);
      assertThat(sound.speech(2).getFirst().startSeconds()).isBetween(4.2, 4.5);
    }
  }

  @Test
  void aVoiceThatLeaksIntoTheOtherChannelIsStillOneSpeaker() throws Exception {
    double[] left = Sounds.heard(FIRST, 1, 0.001, 1);
    double[] right = Sounds.heard(SECOND, 1, 0.001, 2);
    for (int i = 0; i < left.length; i++) {
      left[i] += 0.01 * SECOND[i];
      right[i] += 0.01 * FIRST[i];
    }
    try (DecodedSound sound = decode(left, right)) {
      assertThat(sound.speakers()).isEqualTo(2);
      assertThat(sound.speech(1)).hasSize(2);
    }
  }

  @Test
  void monoSavedAsStereoIsOneSpeaker() throws Exception {
    try (DecodedSound sound = decode(FIRST, FIRST)) {
      assertThat(sound.speakers()).isEqualTo(1);
      assertThat(sound.speech(1)).hasSize(2);
    }
  }

  @Test
  void channelsInOppositePhaseAreOneSpeakerWhoIsHeard() throws Exception {
    try (DecodedSound sound = decode(FIRST, Sounds.heard(FIRST, -1, 0, 0))) {
      assertThat(sound.speakers()).isEqualTo(1);
      assertThat(sound.speech(1)).hasSize(2);
    }
  }

  @Test
  void twoMicrophonesInOneRoomAreOneTrack() throws Exception {
    double[] room = new double[FIRST.length];
    for (int i = 0; i < room.length; i++) {
      room[i] = FIRST[i] + 0.6 * SECOND[i];
    }
    double[] later = Sounds.join(Sounds.silence(0.0009), room);
    double[] right = new double[room.length];
    System.arraycopy(later, 0, right, 0, right.length);

    try (DecodedSound sound =
        decode(Sounds.heard(room, 0.8, 0.003, 1), Sounds.heard(right, 0.5, 0.003, 2))) {
      assertThat(sound.speakers()).isEqualTo(1);
    }
  }

  @Test
  void aSilentChannelIsNobody() throws Exception {
    try (DecodedSound left = decode(FIRST, Sounds.heard(FIRST, 0, 0.0005, 9));
        DecodedSound right = decode(Sounds.heard(FIRST, 0, 0.0005, 9), SECOND)) {
      assertThat(left.speakers()).isEqualTo(1);
      assertThat(left.speech(1).getFirst().startSeconds()).isBetween(0.7, 1.0);
      assertThat(right.speakers()).isEqualTo(1);
      assertThat(right.speech(1).getFirst().startSeconds()).isBetween(4.2, 4.5);
    }
  }

  @Test
  void aStretchGivesTheSamplesOfItsSpeakerOnly() throws Exception {
    double[] left = new double[Sounds.RATE];
    double[] right = new double[Sounds.RATE];
    for (int i = 0; i < left.length; i++) {
      left[i] = (i / 160 % 2 == 0 ? 0.5 : -0.5) * (i < 8000 ? 1 : 0.01);
      right[i] = (i / 130 % 2 == 0 ? 0.25 : -0.25) * (i < 8000 ? 0.01 : 1);
    }
    try (DecodedSound sound = decode(left, right)) {
      byte[] first = sound.samples(1, new VoiceActivity.Stretch(0, 1));
      byte[] second = sound.samples(2, new VoiceActivity.Stretch(40, 50));

      assertThat(first).hasSize(640);
      assertThat((first[1] << 8) | (first[0] & 0xff)).isEqualTo(Math.round(0.5 * 32767));
      assertThat(second).hasSize(6400);
      assertThat(Math.abs((second[1] << 8) | (second[0] & 0xff))).isCloseTo(8192, within(2));
    }
  }

  @Test
  void theSpoolGoesWithTheSound() throws Exception {
    DecodedSound sound = decode(FIRST);
    assertThat(sound.spool()).exists();
    sound.close();
    assertThat(sound.spool()).doesNotExist();
  }
}
