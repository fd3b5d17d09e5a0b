package dev.dragoman.tests.samples;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/** Speech, spoken by espeak-ng and encoded by the ffmpeg that comes with jave. */
final class Sounds {
  /** One speaker's words in a call. */
  record Turn(int channel, String words) {}

  /** What is said in {@code call-billing-stereo-8khz.wav}: channel 0 the agent, 1 the customer. */
  static final List<Turn> CALL =
      List.of(
          new Turn(0, "Good morning, customer service, how can I help you?"),
          new Turn(1, "Hello. My bill was paid twice this month."),
          new Turn(0, "I am sorry about that. What is your customer number?"),
          new Turn(1, "It is four five six seven."),
          new Turn(0, "Thank you. You will get the money back within five days."),
          new Turn(1, "Great, thank you very much. Goodbye."));

  /** What is said in {@code voicemail-delivery.mp3}. */
  static final String VOICEMAIL =
      "Hi, this is a message about my order. The parcel has not arrived yet, and I need it before"
          + " Friday. Please call me back this afternoon. Thank you.";

  /**
   * What is said in {@code message-korean-16khz.wav}: I am waiting for a call, many people are
   * waiting, thank you. Of espeak-ng's Korean the recogniser follows plain words spoken fast best.
   */
  static final String KOREAN = "전화를 기다리고 있습니다. 사람들이 많이 기다리고 있습니다. 감사합니다.";

  private Sounds() {}

  static void write(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path temporary = Files.createTempDirectory("sounds");
    try {
      Path ffmpeg = ffmpeg(temporary);
      Path call = folder.resolve("call-billing-stereo-8khz.wav");
      writeStereo(call(ffmpeg, temporary), 8000, call);
      Path spoken = speak(VOICEMAIL, "en-us", 145, temporary);
      run(
          ffmpeg.toString(),
          "-y",
          "-i",
          spoken.toString(),
          "-ar",
          "16000",
          "-ac",
          "1",
          "-b:a",
          "32k",
          "-map_metadata",
          "-1",
          "-bitexact",
          folder.resolve("voicemail-delivery.mp3").toString());
      Path korean = speak(KOREAN, "ko", 190, temporary);
      run(
          ffmpeg.toString(),
          "-y",
          "-i",
          korean.toString(),
          "-ar",
          "16000",
          "-ac",
          "1",
          "-map_metadata",
          "-1",
          "-bitexact",
          folder.resolve("message-korean-16khz.wav").toString());
    } catch (UnsupportedAudioFileException e) {
      throw new IOException(e);
    } finally {
      try (var files = Files.list(temporary)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(temporary);
    }
  }

  /** The two channels, each silent while the other speaks. */
  private static List<byte[]> call(Path ffmpeg, Path temporary)
      throws IOException, InterruptedException, UnsupportedAudioFileException {
    List<ByteArrayOutputStream> channels =
        List.of(new ByteArrayOutputStream(), new ByteArrayOutputStream());
    byte[] pause = new byte[2 * 8000 / 4];
    for (Turn turn : CALL) {
      Path spoken = speak(turn.words(), turn.channel() == 0 ? "en-us" : "en-gb+f3", 145, temporary);
      Path narrow = temporary.resolve("narrow.wav");
      run(ffmpeg.toString(), "-y", "-i", spoken.toString(), "-ar", "8000", narrow.toString());
      byte[] samples;
      try (AudioInputStream in = AudioSystem.getAudioInputStream(narrow.toFile())) {
        samples = in.readAllBytes();
      }
      channels.get(turn.channel()).write(samples);
      channels.get(1 - turn.channel()).write(new byte[samples.length]);
      for (ByteArrayOutputStream channel : channels) {
        channel.write(pause);
      }
    }
    return channels.stream().map(ByteArrayOutputStream::toByteArray).toList();
  }

  private static void writeStereo(List<byte[]> channels, int rate, Path file) throws IOException {
    byte[] left = channels.getFirst();
    byte[] right = channels.getLast();
    byte[] both = new byte[left.length * 2];
    for (int i = 0; i < left.length; i += 2) {
      System.arraycopy(left, i, both, 2 * i, 2);
      System.arraycopy(right, i, both, 2 * i + 2, 2);
    }
    AudioFormat format = new AudioFormat(rate, 16, 2, true, false);
    try (AudioInputStream in =
        new AudioInputStream(new ByteArrayInputStream(both), format, both.length / 4)) {
      AudioSystem.write(in, AudioFileFormat.Type.WAVE, file.toFile());
    }
  }

  private static Path speak(String words, String voice, int wordsPerMinute, Path temporary)
      throws IOException, InterruptedException {
    Path file = temporary.resolve("spoken.wav");
    run(
        "espeak-ng",
        "-v",
        voice,
        "-s",
        Integer.toString(wordsPerMinute),
        "-w",
        file.toString(),
        words);
    return file;
  }

  private static Path ffmpeg(Path folder) throws IOException {
    Path program = folder.resolve("ffmpeg");
    try (InputStream in =
        Objects.requireNonNull(
            Sounds.class.getResourceAsStream("/ws/schild/jave/nativebin/ffmpeg-amd64"))) {
      Files.copy(in, program);
    }
    if (!program.toFile().setExecutable(true)) {
      throw new IOException(program + " cannot be made executable");
    }
    return program;
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("failed: " + String.join(" ", command));
    }
  }
}
