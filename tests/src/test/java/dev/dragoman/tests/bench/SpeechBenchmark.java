package dev.dragoman.tests.bench;

import dev.dragoman.models.SampleSource;
import dev.dragoman.models.Speech;
import dev.dragoman.models.SpeechOptions;
import dev.dragoman.models.SpeechRecognizer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How fast a sound is transcribed, and what memory is resident minute by minute of it.
 * tests/parity/speech_bench.py makes the sound, runs this and CTranslate2 on it in turn, and counts
 * the words that are wrong in both.
 *
 * <p>Arguments: the model's folder, the sound (16-bit samples at 16 kHz, without a header), the
 * file that the text is written to, threads (default 2), beams (default 1), windows (default 1),
 * and how many times over the sound is put end to end (default 1).
 */
public final class SpeechBenchmark {
  private static final int MINUTE = 60;

  private SpeechBenchmark() {}

  /** Runs it. */
  public static void main(String[] args) throws IOException {
    int threads = number(args, 3, 2);
    SpeechOptions options =
        SpeechOptions.defaults().withBeams(number(args, 4, 1)).withWindows(number(args, 5, 1));
    short[] samples = samples(Path.of(args[1]));
    SampleSource sound = repeated(samples, number(args, 6, 1));
    try (SpeechRecognizer model = SpeechRecognizer.open(Path.of(args[0]), threads)) {
      // Compiled first, as a worker is after its first minute.
      model.transcribe(repeated(samples, 1), options, segment -> {});
      AtomicInteger minute = new AtomicInteger();
      long start = System.nanoTime();
      long cpu = cpu();
      Speech speech =
          model.transcribe(
              sound,
              options,
              segment -> {
                if (segment.end() / MINUTE >= minute.get()) {
                  System.out.printf(
                      "minute %d: %d MB resident%n", minute.getAndIncrement(), resident());
                }
              });
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "%.1f seconds of sound in %.2f seconds, %.2f seconds of processor%n",
          speech.seconds(), seconds, (cpu() - cpu) / 1e9);
      Files.writeString(Path.of(args[2]), speech.text());
    }
  }

  private static int number(String[] args, int index, int absent) {
    return args.length > index ? Integer.parseInt(args[index]) : absent;
  }

  private static long cpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long resident() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  private static short[] samples(Path file) throws IOException {
    ShortBuffer buffer =
        ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
    short[] samples = new short[buffer.remaining()];
    buffer.get(samples);
    return samples;
  }

  private static SampleSource repeated(short[] samples, int times) {
    return new SampleSource() {
      @Override
      public long length() {
        return (long) samples.length * times;
      }

      @Override
      public void read(long from, float[] into, int at, int count) {
        for (int i = 0; i < count; i++) {
          into[at + i] = samples[(int) ((from + i) % samples.length)] / 32768f;
        }
      }
    };
  }
}
