package dev.dragoman.models.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dragoman.models.SampleSource;
import dev.dragoman.models.format.Weights;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogMelTest {
  /** What the reference pads or cuts every sound to. */
  private static final int PADDED = 480_000;

  @ParameterizedTest
  @CsvSource({"short, 37921, 80", "short, 37921, 128", "full, 480000, 80", "full, 480000, 128"})
  void featuresEqualTheReference(String name, int length, int mels) throws Exception {
    SampleSource sound = SampleSource.of(sound(length));
    LogMel logMel = new LogMel(mels);
    float[] features = new float[3000 * mels];
    logMel.frames(sound, 0, 3000, PADDED, logMel.peak(sound), features, 0);
    try (Weights golden = Weights.open(goldens())) {
      float[] frames = golden.any("frames." + name).floats();
      float[] expected = golden.tensor(name + "." + mels, frames.length, mels).floats();
      for (int i = 0; i < expected.length; i++) {
        int frame = (int) frames[i / mels];
        assertThat(features[frame * mels + i % mels])
            .as("band %d of frame %d", i % mels, frame)
            .isCloseTo(expected[i], within(1e-4f));
      }
    }
  }

  @Test
  void partsOfASoundAreWhatTheyAreInTheWhole() throws IOException {
    SampleSource sound = SampleSource.of(sound(100_003));
    LogMel logMel = new LogMel(80);
    float[] whole = new float[700 * 80];
    float[] part = new float[130 * 80];
    double peak = logMel.peak(sound);
    logMel.frames(sound, 0, 700, Long.MAX_VALUE, peak, whole, 0);
    logMel.frames(sound, 517, 130, Long.MAX_VALUE, peak, part, 0);
    for (int i = 0; i < part.length; i++) {
      assertThat(part[i]).isEqualTo(whole[517 * 80 + i]);
    }
  }

  @Test
  void thePeakIsThatOfTheLoudestFrame() throws IOException {
    float[] samples = sound(64_000);
    for (int i = 30_000; i < 31_000; i++) {
      samples[i] *= 1.7f;
    }
    LogMel logMel = new LogMel(80);
    SampleSource sound = SampleSource.of(samples);
    float[] all = new float[400 * 80];
    logMel.frames(sound, 0, 400, Long.MAX_VALUE, Double.NEGATIVE_INFINITY, all, 0);
    double loudest = Double.NEGATIVE_INFINITY;
    for (float value : all) {
      loudest = Math.max(loudest, value);
    }
    assertThat(logMel.peak(sound)).isCloseTo(loudest * 4 - 4, within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 10, 16, 20, 50, 80, 100, 400})
  void thePowersAreThoseOfTheDefinition(int length) {
    Random random = new Random(length);
    double[] frame = random.doubles(length, -1, 1).toArray();
    double[] power = new double[length / 2 + 1];
    new Spectrum(length).power(frame, power);
    for (int k = 0; k < power.length; k++) {
      double re = 0;
      double im = 0;
      for (int i = 0; i < length; i++) {
        re += frame[i] * Math.cos(2 * Math.PI * k * i / length);
        im += frame[i] * Math.sin(2 * Math.PI * k * i / length);
      }
      assertThat(power[k]).isCloseTo(re * re + im * im, within(1e-9 * length));
    }
  }

  @Test
  void silenceIsSilence() throws IOException {
    LogMel logMel = new LogMel(80);
    SampleSource nothing = SampleSource.of(new float[1000]);
    float[] features = new float[6 * 80];
    logMel.frames(nothing, 0, 6, PADDED, logMel.peak(nothing), features, 0);
    assertThat(features).containsOnly(-1.5f);
  }

  /** As tests/parity/speech.py makes it. */
  private static float[] sound(int length) {
    float[] samples = new float[length];
    int state = 12345;
    for (int i = 0; i < length; i++) {
      state = state * 1664525 + 1013904223;
      double noise = (state >>> 8) / (double) (1 << 24) - 0.5;
      double second = i / 16000.0;
      double burst = (int) (second * 3) % 3 == 0 ? 0.01 : 1;
      double tone = Math.sin(2 * Math.PI * (200 + 90 * second) * second);
      double steady =
          0.3 * Math.sin(2 * Math.PI * 150 * second)
              + 0.2 * Math.sin(2 * Math.PI * 1234 * second)
              + 0.1 * Math.sin(2 * Math.PI * 5600 * second);
      samples[i] = (float) (burst * (0.3 * tone + 0.4 * steady) + 0.02 * noise);
    }
    return samples;
  }

  private static Path goldens() throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(LogMelTest.class.getResource("features.safetensors")).toURI());
  }
}
