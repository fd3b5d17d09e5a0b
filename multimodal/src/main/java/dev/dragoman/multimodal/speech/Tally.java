package dev.dragoman.multimodal.speech;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Copies samples and measures them on the way: the loudness of every frame of each channel and of
 * their mix, and how alike the channels are. Samples that do not fill the last frame count as if
 * silence followed.
 */
final class Tally implements Ffmpeg.Sink {
  /** Samples in a frame. */
  static final int FRAME = DecodedSound.SAMPLE_RATE * VoiceActivity.FRAME_MILLIS / 1000;

  private static final double FULL_SCALE = 32768.0 * 32768.0;
  private static final double QUIETEST = 1e-10;

  private final int channels;
  private final OutputStream copy;
  private final Curve left = new Curve();
  private final Curve right = new Curve();
  private final Curve mix = new Curve();
  private long samples;
  private double cross;
  private double leftSquares;
  private double rightSquares;

  /**
   * A tally.
   *
   * @param channels 1 or 2, interleaved in what is copied
   * @param copy where the samples go
   */
  Tally(int channels, OutputStream copy) {
    this.channels = channels;
    this.copy = copy;
  }

  @Override
  public void accept(InputStream in) throws IOException {
    byte[] frame = new byte[FRAME * channels * Short.BYTES];
    for (int n = in.readNBytes(frame, 0, frame.length);
        n >= channels * Short.BYTES;
        n = in.readNBytes(frame, 0, frame.length)) {
      int count = n / (channels * Short.BYTES);
      copy.write(frame, 0, count * channels * Short.BYTES);
      measure(frame, count);
      samples += count;
    }
  }

  private void measure(byte[] frame, int count) {
    double l2 = 0;
    double r2 = 0;
    double lr = 0;
    for (int i = 0; i < count; i++) {
      double l = sample(frame, i * channels);
      double r = sample(frame, (i + 1) * channels - 1);
      l2 += l * l;
      r2 += r * r;
      lr += l * r;
    }
    leftSquares += l2;
    rightSquares += r2;
    cross += lr;
    left.add(l2);
    right.add(r2);
    mix.add((l2 + 2 * lr + r2) / 4);
  }

  private static double sample(byte[] bytes, int index) {
    return (short) ((bytes[2 * index] & 0xff) | (bytes[2 * index + 1] << 8));
  }

  /** How many samples each channel has. */
  long samples() {
    return samples;
  }

  int channels() {
    return channels;
  }

  float[] left() {
    return left.toArray();
  }

  float[] right() {
    return right.toArray();
  }

  float[] mix() {
    return mix.toArray();
  }

  /** Correlation of the samples of the two channels, -1 to 1; 0 where one is silent. */
  double correlation() {
    double scale = Math.sqrt(leftSquares * rightSquares);
    return scale == 0 ? 0 : cross / scale;
  }

  /** Loudness of frames in dB of full scale. */
  private static final class Curve {
    private float[] values = new float[1024];
    private int size;

    void add(double squares) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = (float) (10 * Math.log10(Math.max(QUIETEST, squares / FRAME / FULL_SCALE)));
    }

    float[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }
}
