package dev.dragoman.multimodal.speech;

import dev.dragoman.multimodal.worker.WorkerException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decodes the first sound track of any container and codec. Every file is read by an ffmpeg process
 * of its own with a time limit. Safe for use by many threads.
 */
public final class SoundDecoder {
  private static final Duration PROBE_TIME = Duration.ofSeconds(30);
  private static final Pattern CONTAINER = Pattern.compile("^Input #0, (.+), from 'file:.*");
  private static final Pattern DURATION =
      Pattern.compile("^  Duration: (?:(\\d+):(\\d\\d):(\\d\\d(?:\\.\\d+)?)|N/A).*");
  private static final Pattern STREAM =
      Pattern.compile("^  Stream #0:\\d+(?:\\[\\w+])?(?:\\(\\w+\\))?: (\\w+): (\\S+?),?(?: .*)?");
  private static final Pattern RATE = Pattern.compile(", (\\d+) Hz, ([^,]+)");

  /** Less than this share or this many seconds missing at the end is how codecs round. */
  private static final double MISSING_SHARE = 0.02;

  private static final double MISSING_SECONDS = 0.5;

  private final Ffmpeg ffmpeg;

  private SoundDecoder(Ffmpeg ffmpeg) {
    this.ffmpeg = ffmpeg;
  }

  /**
   * A decoder.
   *
   * @param cache folder that the packed ffmpeg is unpacked into, once; 80 MB
   * @throws IOException if there is no ffmpeg for this machine; the message says what to do
   */
  public static SoundDecoder open(Path cache) throws IOException {
    return new SoundDecoder(Ffmpeg.open(cache));
  }

  /**
   * What the file says about its sound, without decoding it.
   *
   * @throws WorkerException {@code EMPTY} for a file of no bytes, {@code UNSUPPORTED} if it holds
   *     no sound track or one in a codec that is not known, {@code ENCRYPTED} if it is protected,
   *     {@code CORRUPT} if it is not a sound or video file, {@code TIMEOUT}
   */
  public SoundInfo probe(Path file) throws WorkerException {
    try {
      if (Files.size(file) == 0) {
        throw new WorkerException("EMPTY", "the file has no bytes");
      }
      return parse(ffmpeg.describe(file, PROBE_TIME));
    } catch (IOException e) {
      throw new WorkerException("INTERNAL", "ffmpeg could not be run: " + e.getMessage());
    }
  }

  /**
   * The exact length of the sound and what is wrong with it, found by decoding it to nowhere, some
   * hundred times faster than it plays.
   *
   * @throws WorkerException as {@link #decode}
   */
  public Measured measure(Path file, SpeechLimits limits) throws WorkerException {
    SoundInfo info = probe(file);
    Tally tally = new Tally(1, OutputStream.nullOutputStream());
    List<String> problems = run(file, info, limits, 1, tally);
    return new Measured(info, tally.samples(), problems);
  }

  /**
   * The length of a sound.
   *
   * @param samples at {@link DecodedSound#SAMPLE_RATE}
   * @param problems what could not be decoded, in words for a user; empty for a sound file
   */
  public record Measured(SoundInfo info, long samples, List<String> problems) {
    public Measured {
      problems = List.copyOf(problems);
    }

    /** The length that can be decoded. */
    public double seconds() {
      return (double) samples / DecodedSound.SAMPLE_RATE;
    }
  }

  /**
   * The samples, spooled to a temporary file that goes when the answer is closed. Stereo stays
   * stereo; more channels are mixed into one.
   *
   * @throws WorkerException as {@link #probe}, and {@code EMPTY} if the sound has no length, {@code
   *     CORRUPT} if nothing of it can be decoded, {@code TOO_LARGE} if it is longer than allowed,
   *     {@code TIMEOUT} if decoding takes longer than allowed
   */
  DecodedSound decode(Path file, SpeechLimits limits) throws WorkerException {
    SoundInfo info = probe(file);
    return spool(
        file,
        limits,
        info,
        info.channels() == 2 ? 2 : 1,
        (spool, tally, problems) -> new DecodedSound(info, spool, tally, problems));
  }

  /**
   * The samples of all channels mixed into one, spooled to a temporary file that goes when the
   * answer is closed.
   *
   * @throws WorkerException as {@link #measure}
   */
  public SoundSamples samples(Path file, SpeechLimits limits) throws WorkerException {
    return spool(
        file,
        limits,
        probe(file),
        1,
        (spool, tally, problems) -> new SoundSamples(spool, tally.samples(), problems));
  }

  private interface Spooled<T> {
    T of(Path spool, Tally tally, List<String> problems) throws IOException;
  }

  private <T> T spool(
      Path file, SpeechLimits limits, SoundInfo info, int channels, Spooled<T> result)
      throws WorkerException {
    Path spool = null;
    boolean done = false;
    try {
      spool = Files.createTempFile("dragoman-sound-", ".pcm");
      Tally tally;
      List<String> problems;
      try (OutputStream out = Files.newOutputStream(spool)) {
        tally = new Tally(channels, out);
        problems = run(file, info, limits, channels, tally);
      }
      T sound = result.of(spool, tally, problems);
      done = true;
      return sound;
    } catch (IOException e) {
      throw new WorkerException("INTERNAL", "cannot spool the sound: " + e.getMessage());
    } finally {
      if (!done && spool != null) {
        delete(spool);
      }
    }
  }

  private List<String> run(
      Path file, SoundInfo info, SpeechLimits limits, int channels, Tally tally)
      throws WorkerException {
    Ffmpeg.Run run;
    try {
      run =
          ffmpeg.decode(
              file,
              DecodedSound.SAMPLE_RATE,
              channels,
              limits.maxSound().plusSeconds(1),
              limits.decodeTime(),
              tally);
    } catch (IOException e) {
      throw new WorkerException("INTERNAL", "ffmpeg could not be run: " + e.getMessage());
    }
    double seconds = (double) tally.samples() / DecodedSound.SAMPLE_RATE;
    if (seconds > limits.maxSound().toMillis() / 1000.0) {
      throw new WorkerException(
          "TOO_LARGE",
          "the sound is longer than "
              + limits.maxSound().toMinutes()
              + " minutes; split it or raise the limit");
    }
    if (run.timedOut()) {
      throw new WorkerException(
          "TIMEOUT",
          "decoding the sound took longer than " + limits.decodeTime().toSeconds() + " seconds");
    }
    String message = firstMessage(run.messages());
    if (tally.samples() == 0) {
      if (run.exit() == 0 && message.isEmpty()) {
        throw new WorkerException("EMPTY", "the sound has no length");
      }
      throw new WorkerException("CORRUPT", "nothing of the sound can be decoded: " + message);
    }
    double declared = info.declaredSeconds();
    if (declared - seconds > Math.max(MISSING_SECONDS, MISSING_SHARE * declared)) {
      return List.of(
          String.format(
              Locale.ROOT,
              "the sound breaks off after %.1f of %.1f seconds; what comes before is kept",
              seconds,
              declared));
    }
    if (run.exit() != 0) {
      return List.of(
          String.format(
              Locale.ROOT, "the sound breaks off after %.1f seconds (%s)", seconds, message));
    }
    return message.isEmpty()
        ? List.of()
        : List.of("a part of the sound cannot be decoded (" + message + ")");
  }

  static SoundInfo parse(Ffmpeg.Run run) throws WorkerException {
    if (run.timedOut()) {
      throw new WorkerException(
          "TIMEOUT",
          "looking into the file took longer than " + PROBE_TIME.toSeconds() + " seconds");
    }
    String container = "";
    double declared = Double.NaN;
    for (String line : run.messages().lines().toList()) {
      Matcher input = CONTAINER.matcher(line);
      Matcher duration = DURATION.matcher(line);
      Matcher stream = STREAM.matcher(line);
      if (input.matches()) {
        container = input.group(1);
      } else if (duration.matches() && duration.group(1) != null) {
        declared =
            Integer.parseInt(duration.group(1)) * 3600.0
                + Integer.parseInt(duration.group(2)) * 60.0
                + Double.parseDouble(duration.group(3));
      } else if (stream.matches() && stream.group(1).equals("Audio")) {
        if (line.contains("(drms /")) {
          throw new WorkerException("ENCRYPTED", "the sound is protected against copying");
        }
        if (stream.group(2).equals("none")) {
          throw new WorkerException(
              "UNSUPPORTED", "the sound track is in a codec that is not known here");
        }
        boolean guessed = run.messages().contains("Estimating duration from bitrate");
        Matcher rate = RATE.matcher(line);
        boolean known = rate.find();
        return new SoundInfo(
            container,
            stream.group(2),
            known ? Integer.parseInt(rate.group(1)) : 0,
            known ? channels(rate.group(2)) : 0,
            guessed ? Double.NaN : declared);
      }
    }
    if (!container.isEmpty()) {
      throw new WorkerException("UNSUPPORTED", "the file has no sound track");
    }
    if (run.messages().contains("Format not on whitelist")) {
      throw new WorkerException(
          "UNSUPPORTED", "this is not a kind of sound or video file that can be read here");
    }
    throw new WorkerException(
        "CORRUPT",
        "not a sound or video file, or cut off too early: " + firstMessage(run.messages()));
  }

  private static int channels(String layout) {
    Matcher count = Pattern.compile("(\\d+) channels?.*").matcher(layout);
    Matcher surround = Pattern.compile("(\\d)\\.(\\d).*").matcher(layout);
    if (layout.equals("mono")) {
      return 1;
    } else if (layout.equals("stereo")) {
      return 2;
    } else if (count.matches()) {
      return Integer.parseInt(count.group(1));
    } else if (surround.matches()) {
      return Integer.parseInt(surround.group(1)) + Integer.parseInt(surround.group(2));
    }
    return 0;
  }

  /** The first line ffmpeg wrote, without addresses in memory and paths, which differ per run. */
  private static String firstMessage(String messages) {
    String line =
        messages
            .replaceAll("\\[[^\\]\\n]* @ 0x[0-9a-f]+] ", "")
            .replaceAll("(?m)^file:.*: ", "")
            .lines()
            .filter(Predicate.not(String::isBlank))
            .findFirst()
            .orElse("");
    return line.length() > 200 ? line.substring(0, 200) : line;
  }

  static void delete(Path spool) {
    try {
      Files.deleteIfExists(spool);
    } catch (IOException e) {
      spool.toFile().deleteOnExit();
    }
  }
}
