package dev.dragoman.models.speech;

import dev.dragoman.models.SampleSource;
import java.io.IOException;
import java.util.Arrays;

/**
 * The log-mel spectrogram that Whisper hears: a Hann window of 25 ms each 10 ms, mel filters,
 * {@code log10}, nothing lower than 8 below the loudest of the whole sound, {@code (x + 4) / 4}.
 * For one thread at a time; allocates nothing after its first use.
 *
 * <p>Paper: <a href="https://arxiv.org/abs/2212.04356">Radford et al., 2022</a>. Reference
 * implementation: {@code WhisperFeatureExtractor} of transformers.
 */
public final class LogMel {
  /** Samples from one frame to the next. */
  public static final int HOP = 160;

  /** Frames a second. */
  public static final int RATE = SampleSource.RATE / HOP;

  private static final int WINDOW = 400;
  private static final double QUIETEST = 1e-10;
  private static final double RANGE = 8;
  private static final int FRAMES = 500;

  private final MelFilters filters;
  private final double largest;
  private final Spectrum spectrum = new Spectrum(WINDOW);
  private final double[] hann = new double[WINDOW];
  private final double[] frame = new double[WINDOW];
  private final double[] power = new double[WINDOW / 2 + 1];
  private final float[] samples = new float[(FRAMES - 1) * HOP + WINDOW];

  /**
   * A spectrogram.
   *
   * @param bands how many mel bands, 80 or 128 in the published models
   */
  public LogMel(int bands) {
    filters = new MelFilters(bands, power.length, SampleSource.RATE);
    largest = filters.largest();
    for (int i = 0; i < WINDOW; i++) {
      hann[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / WINDOW);
    }
  }

  /** How many frames a sound has. */
  public static long frames(SampleSource sound) {
    return sound.length() / HOP;
  }

  /**
   * The loudest of all frames and bands, as a logarithm.
   *
   * @throws IOException if the samples cannot be read
   */
  public double peak(SampleSource sound) throws IOException {
    double peak = QUIETEST;
    long all = frames(sound);
    for (long first = 0; first < all; first += FRAMES) {
      int count = (int) Math.min(FRAMES, all - first);
      read(sound, first, count, Long.MAX_VALUE);
      for (int i = 0; i < count; i++) {
        // All powers together are the energy of the frame times its length: most frames cannot be
        // the loudest, and need no transform.
        if (window(i * HOP) * WINDOW * largest > peak) {
          spectrum.power(frame, power);
          for (int band = 0; band < filters.bands(); band++) {
            peak = Math.max(peak, filters.energy(band, power));
          }
        }
      }
    }
    return Math.log10(peak);
  }

  /**
   * Works out some frames.
   *
   * @param first of the frames; behind the end of the sound is silence
   * @param end where samples are mirrored, as the reference does at the end of what it has padded
   * @param peak of the sound, or of as much of it as is known
   * @param into [count, bands]
   * @throws IOException if the samples cannot be read
   */
  public void frames(
      SampleSource sound, long first, int count, long end, double peak, float[] into, int at)
      throws IOException {
    double floor = Math.max(peak, Math.log10(QUIETEST)) - RANGE;
    int bands = filters.bands();
    for (int done = 0; done < count; done += FRAMES) {
      int some = Math.min(FRAMES, count - done);
      read(sound, first + done, some, end);
      for (int i = 0; i < some; i++) {
        int row = at + (done + i) * bands;
        if (window(i * HOP) == 0) {
          Arrays.fill(power, 0);
        } else {
          spectrum.power(frame, power);
        }
        for (int band = 0; band < bands; band++) {
          double log = Math.log10(Math.max(QUIETEST, filters.energy(band, power)));
          into[row + band] = (float) ((Math.max(log, floor) + 4) / 4);
        }
      }
    }
  }

  /** Reads the samples of some frames: frame i starts at {@code samples[i * HOP]}. */
  private void read(SampleSource sound, long first, int count, long end) throws IOException {
    long from = first * HOP - WINDOW / 2;
    int wanted = (count - 1) * HOP + WINDOW;
    Arrays.fill(samples, 0, wanted, 0);
    long start = Math.max(0, from);
    long stop = Math.min(Math.min(sound.length(), end), from + wanted);
    if (start < stop) {
      sound.read(start, samples, (int) (start - from), (int) (stop - start));
    }
    for (long i = from; i < 0; i++) {
      samples[(int) (i - from)] = at(sound, from, -i);
    }
    for (long i = Math.max(end, from); i < from + wanted; i++) {
      samples[(int) (i - from)] = at(sound, from, 2 * end - 2 - i);
    }
  }

  /** A sample that has been read already. */
  private float at(SampleSource sound, long from, long index) {
    long place = index - from;
    return index < 0 || index >= sound.length() || place < 0 || place >= samples.length
        ? 0
        : samples[(int) place];
  }

  /** Puts a frame under the window; its energy. */
  private double window(int from) {
    double energy = 0;
    for (int i = 0; i < WINDOW; i++) {
      double sample = samples[from + i] * hann[i];
      frame[i] = sample;
      energy += sample * sample;
    }
    return energy;
  }
}
