package dev.dragoman.multimodal.speech;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes sounds for tests. */
final class Sounds {
  /** Where the packed ffmpeg is unpacked for the tests of this module. */
  static final Path CACHE = Path.of("target", "native").toAbsolutePath();

  static final int RATE = 16_000;

  private Sounds() {}

  /** Something that sounds a little like a voice: a buzz whose loudness goes up and down. */
  static double[] voice(double seconds, long seed) {
    Random random = new Random(seed);
    double pitch = 100 + random.nextInt(100);
    double syllables = 3 + random.nextDouble();
    double[] samples = new double[(int) (seconds * RATE)];
    for (int i = 0; i < samples.length; i++) {
      double t = (double) i / RATE;
      double buzz = 0;
      for (int harmonic = 1; harmonic < 12; harmonic++) {
        buzz += Math.sin(2 * Math.PI * pitch * harmonic * t + harmonic) / harmonic;
      }
      samples[i] = 0.2 * buzz * (0.55 + 0.45 * Math.sin(2 * Math.PI * syllables * t));
    }
    return samples;
  }

  static double[] silence(double seconds) {
    return new double[(int) (seconds * RATE)];
  }

  static double[] join(double[]... pieces) {
    int length = 0;
    for (double[] piece : pieces) {
      length += piece.length;
    }
    double[] all = new double[length];
    int at = 0;
    for (double[] piece : pieces) {
      System.arraycopy(piece, 0, all, at, piece.length);
      at += piece.length;
    }
    return all;
  }

  /** The same, louder or quieter, with hiss. */
  static double[] heard(double[] samples, double gain, double hiss, long seed) {
    Random random = new Random(seed);
    double[] noisy = new double[samples.length];
    for (int i = 0; i < noisy.length; i++) {
      noisy[i] = gain * samples[i] + hiss * random.nextGaussian();
    }
    return noisy;
  }

  /** A WAV file of these channels, 16 bit, 16 kHz. */
  static Path wav(Path file, double[]... channels) {
    int samples = channels[0].length;
    int bytes = samples * channels.length * 2;
    ByteBuffer out = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.put("RIFF".getBytes(US_ASCII)).putInt(36 + bytes);
    out.put("WAVEfmt ".getBytes(US_ASCII)).putInt(16);
    out.putShort((short) 1).putShort((short) channels.length).putInt(RATE);
    out.putInt(RATE * channels.length * 2).putShort((short) (channels.length * 2));
    out.putShort((short) 16);
    out.put("data".getBytes(US_ASCII)).putInt(bytes);
    for (int i = 0; i < samples; i++) {
      for (double[] channel : channels) {
        out.putShort((short) Math.round(Math.clamp(channel[i], -1, 1) * 32767));
      }
    }
    try {
      return Files.write(file, out.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs the packed ffmpeg with these arguments, as a user would to make a file. */
  static void ffmpeg(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Ffmpeg.open(CACHE).program().toString());
    command.addAll(List.of("-nostdin", "-v", "error", "-y"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IOException("ffmpeg failed: " + command);
    }
  }
}
