package dev.dragoman.models;

import java.io.IOException;
import java.util.Objects;

/**
 * A sound of one channel, 16,000 samples a second, of which any part can be read again: models look
 * at half a minute at a time, so that an hour of sound needs no more memory than a minute.
 */
public interface SampleSource {
  /** Samples a second. */
  int RATE = 16_000;

  /** How many samples there are. */
  long length();

  /**
   * Reads samples, from -1 to 1.
   *
   * @param from the first one
   * @param count how many; all of them are there
   * @throws IOException if they cannot be read
   */
  void read(long from, float[] into, int at, int count) throws IOException;

  /** All samples, in memory. The array is not copied. */
  static SampleSource of(float[] samples) {
    return new SampleSource() {
      @Override
      public long length() {
        return samples.length;
      }

      @Override
      public void read(long from, float[] into, int at, int count) {
        Objects.checkFromIndexSize(from, count, samples.length);
        System.arraycopy(samples, (int) from, into, at, count);
      }
    };
  }

  /** The length in seconds. */
  default double seconds() {
    return (double) length() / RATE;
  }
}
