package dev.dragoman.multimodal.speech;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A decoded sound, spooled to a file: 16-bit samples, 16,000 a second, and who speaks on them.
 *
 * <p>Two channels are two speakers, as in a recorded call, unless both hold the same sound (mono
 * saved as stereo, or two microphones in one room) or one of them is silent.
 */
final class DecodedSound implements AutoCloseable {
  /** Samples a second. */
  static final int SAMPLE_RATE = 16_000;

  private static final double SAME_SAMPLES = 0.7;
  private static final double SAME_CURVE = 0.6;
  private static final double SILENT_DB = -45;
  private static final double SILENT_BESIDE_DB = 25;

  private final SoundInfo info;
  private final Path spool;
  private final FileChannel channel;
  private final Tally tally;
  private final List<Track> tracks;
  private final List<String> problems;

  /** Which channels of the spool one speaker is heard on. */
  private enum Source {
    LEFT,
    RIGHT,
    BOTH
  }

  private record Track(Source source, float[] loudness) {}

  DecodedSound(SoundInfo info, Path spool, Tally tally, List<String> problems) throws IOException {
    this.info = info;
    this.spool = spool;
    this.tally = tally;
    this.problems = List.copyOf(problems);
    this.tracks = tracks(tally);
    this.channel = FileChannel.open(spool, StandardOpenOption.READ);
  }

  private static List<Track> tracks(Tally tally) {
    Track left = new Track(Source.LEFT, tally.left());
    Track right = new Track(Source.RIGHT, tally.right());
    if (tally.channels() == 1) {
      return List.of(left);
    }
    double leftLoud = VoiceActivity.loud(left.loudness);
    double rightLoud = VoiceActivity.loud(right.loudness);
    if (rightLoud < SILENT_DB || rightLoud < leftLoud - SILENT_BESIDE_DB) {
      return List.of(left);
    }
    if (leftLoud < SILENT_DB || leftLoud < rightLoud - SILENT_BESIDE_DB) {
      return List.of(right);
    }
    if (tally.correlation() <= -SAME_SAMPLES) {
      return List.of(left);
    }
    if (tally.correlation() >= SAME_SAMPLES
        || correlation(left.loudness, right.loudness) >= SAME_CURVE) {
      return List.of(new Track(Source.BOTH, tally.mix()));
    }
    return List.of(left, right);
  }

  /** How alike the rise and fall of two channels is while there is sound on either. */
  private static double correlation(float[] a, float[] b) {
    double n = 0;
    double sumA = 0;
    double sumB = 0;
    double squaresA = 0;
    double squaresB = 0;
    double products = 0;
    for (int i = 0; i < a.length; i++) {
      if (Math.max(a[i], b[i]) > SILENT_DB) {
        double x = Math.max(a[i], VoiceActivity.SILENCE_DB);
        double y = Math.max(b[i], VoiceActivity.SILENCE_DB);
        n++;
        sumA += x;
        sumB += y;
        squaresA += x * x;
        squaresB += y * y;
        products += x * y;
      }
    }
    double variances = (n * squaresA - sumA * sumA) * (n * squaresB - sumB * sumB);
    return variances <= 0 ? 0 : (n * products - sumA * sumB) / Math.sqrt(variances);
  }

  /** The file the samples are in until this is closed. */
  Path spool() {
    return spool;
  }

  /** What the file says about itself. */
  SoundInfo info() {
    return info;
  }

  /** The length in samples. */
  long sampleCount() {
    return tally.samples();
  }

  /** The length in seconds. */
  double seconds() {
    return (double) tally.samples() / SAMPLE_RATE;
  }

  /** What could not be decoded, in words for a user. */
  List<String> problems() {
    return problems;
  }

  /** 1 or 2. */
  int speakers() {
    return tracks.size();
  }

  /**
   * Where this speaker speaks.
   *
   * @param speaker from 1
   */
  List<VoiceActivity.Stretch> speech(int speaker) {
    return VoiceActivity.find(tracks.get(speaker - 1).loudness);
  }

  /**
   * What is heard of a speaker in a stretch: 16-bit little-endian samples of one channel.
   *
   * @param speaker from 1
   */
  byte[] samples(int speaker, VoiceActivity.Stretch stretch) throws IOException {
    long from = (long) stretch.start() * Tally.FRAME;
    long to = Math.min(tally.samples(), (long) stretch.end() * Tally.FRAME);
    int channels = tally.channels();
    byte[] raw = new byte[Math.toIntExact((to - from) * channels * Short.BYTES)];
    ByteBuffer buffer = ByteBuffer.wrap(raw);
    long position = from * channels * Short.BYTES;
    while (buffer.hasRemaining()) {
      int n = channel.read(buffer, position + buffer.position());
      if (n < 0) {
        throw new IOException("the spooled sound is shorter than it was");
      }
    }
    return channels == 1 ? raw : one(raw, tracks.get(speaker - 1).source);
  }

  private static byte[] one(byte[] stereo, Source source) {
    byte[] mono = new byte[stereo.length / 2];
    for (int i = 0; i < mono.length; i += 2) {
      int left = (short) ((stereo[2 * i] & 0xff) | (stereo[2 * i + 1] << 8));
      int right = (short) ((stereo[2 * i + 2] & 0xff) | (stereo[2 * i + 3] << 8));
      int sample =
          switch (source) {
            case LEFT -> left;
            case RIGHT -> right;
            case BOTH -> (left + right) >> 1;
          };
      mono[i] = (byte) sample;
      mono[i + 1] = (byte) (sample >> 8);
    }
    return mono;
  }

  /** Deletes the spooled samples. */
  @Override
  public void close() throws IOException {
    try (channel) {
      SoundDecoder.delete(spool);
    }
  }
}
