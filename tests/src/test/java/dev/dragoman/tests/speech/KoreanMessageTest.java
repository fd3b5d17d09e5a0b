package dev.dragoman.tests.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.models.catalog.ModelPuller;
import dev.dragoman.models.catalog.ModelStore;
import dev.dragoman.multimodal.speech.SpeechLimits;
import dev.dragoman.multimodal.speech.SpokenWord;
import dev.dragoman.multimodal.speech.Transcriber;
import dev.dragoman.multimodal.speech.Transcript;
import dev.dragoman.multimodal.worker.WorkerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A Korean message through ffmpeg, voice activity and the real Vosk model, which is pulled on first
 * use (264 MB).
 *
 * <p>The bounds are what vosk-ko reaches with a synthetic voice; a person is understood better.
 * Errors are edits over the length of what was said: of syllables, and of letters (jamo) since a
 * syllable of Korean is a block of two or three of them.
 */
class KoreanMessageTest {
  private static final String SAID = "전화를기다리고있습니다아시아의여러나라사람들이많이살고있습니다";
  private static final double SYLLABLE_ERRORS = 0.45;
  private static final double LETTER_ERRORS = 0.30;

  /** Of a telephone's band the model, made for twice as much, loses half. */
  private static final double LETTER_ERRORS_AT_8_KHZ = 0.60;

  @TempDir private static Path folder;
  private static Path message;
  private static Path cache;
  private static Transcriber transcriber;

  @BeforeAll
  static void openTheModel() throws IOException {
    ModelStore store = ModelStore.atDefaultHome();
    cache = store.home().resolve("native");
    transcriber = Transcriber.open(ModelPuller.ensure(store, "vosk-ko"), cache);
    message = folder.resolve("message.flac");
    try (InputStream in = KoreanMessageTest.class.getResourceAsStream("korean-message.flac")) {
      Files.copy(Objects.requireNonNull(in), message);
    }
  }

  @AfterAll
  static void closeTheModel() {
    transcriber.close();
  }

  /** The message in another form, made with the packed ffmpeg. */
  private static Path made(String name, String options) throws IOException, InterruptedException {
    Path file = folder.resolve(name);
    List<String> command = new ArrayList<>();
    try (Stream<Path> files = Files.walk(cache, 2)) {
      command.add(
          files
              .filter(path -> path.endsWith("ffmpeg") && Files.isRegularFile(path))
              .findFirst()
              .orElseThrow()
              .toString());
    }
    command.addAll(List.of("-nostdin", "-v", "error", "-y", "-i", message.toString()));
    command.addAll(List.of(options.split(" ")));
    command.add(file.toString());
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    return file;
  }

  private static Transcript hear(Path file) throws WorkerException {
    return transcriber.transcribe(file, "ko", SpeechLimits.DEFAULT);
  }

  private static List<SpokenWord> words(Transcript transcript) {
    return transcript.segments().stream().flatMap(segment -> segment.words().stream()).toList();
  }

  private static String text(Transcript transcript) {
    return words(transcript).stream().map(SpokenWord::text).collect(Collectors.joining());
  }

  private static double errors(String said, String heard) {
    int[] row = new int[heard.length() + 1];
    for (int j = 0; j <= heard.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= said.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= heard.length(); j++) {
        int change = diagonal + (said.charAt(i - 1) == heard.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return (double) row[heard.length()] / said.length();
  }

  private static String letters(String syllables) {
    return Normalizer.normalize(syllables, Normalizer.Form.NFD);
  }

  private static void timesMakeSense(Transcript transcript) {
    double before = 0;
    for (SpokenWord word : words(transcript)) {
      assertThat(word.startSeconds()).isGreaterThanOrEqualTo(before);
      assertThat(word.endSeconds()).isGreaterThan(word.startSeconds());
      assertThat(word.endSeconds()).isLessThanOrEqualTo(transcript.durationSeconds());
      assertThat(word.confidence()).isBetween(0.0, 1.0);
      before = word.startSeconds();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "message.mp3, -b:a 128k, 16000, 1",
    "stereo.ogg, -ac 2 -ar 44100 -q:a 8, 44100, 2",
    "message.m4a, -b:a 96k, 16000, 1",
  })
  void aMessageIsUnderstoodInEveryForm(String name, String options, int rate, int channels)
      throws Exception {
    Transcript transcript = hear(made("in-" + name, options));

    assertThat(transcript.sampleRate()).isEqualTo(rate);
    assertThat(transcript.channels()).isEqualTo(channels);
    assertThat(transcript.speakers()).isEqualTo(1);
    assertThat(errors(SAID, text(transcript))).isLessThan(SYLLABLE_ERRORS);
    assertThat(errors(letters(SAID), letters(text(transcript)))).isLessThan(LETTER_ERRORS);
    assertThat(transcript.durationSeconds()).isBetween(9.2, 9.6);
    assertThat(words(transcript).getFirst().startSeconds()).isBetween(0.5, 0.9);
    timesMakeSense(transcript);
  }

  @Test
  void aTelephoneMessageIsHalfUnderstood() throws Exception {
    Transcript transcript = hear(made("phone.wav", "-ar 8000"));

    assertThat(transcript.sampleRate()).isEqualTo(8000);
    assertThat(errors(letters(SAID), letters(text(transcript)))).isLessThan(LETTER_ERRORS_AT_8_KHZ);
    timesMakeSense(transcript);
  }

  @Test
  void theTwoChannelsOfACallAreTwoSpeakersWhoTakeTurns() throws Exception {
    Transcript transcript =
        hear(
            made(
                "call.wav",
                "-filter_complex asplit[a][b];[a]volume=0:enable='between(t,3.4,5.7)'[l];"
                    + "[b]volume=0:enable='not(between(t,3.4,5.7))'[r];[l][r]join=inputs=2:channel_layout=stereo"));

    assertThat(transcript.speakers()).isEqualTo(2);
    assertThat(transcript.turns()).extracting(Transcript.Turn::speaker).containsExactly(1, 2, 1);
    assertThat(text(transcript)).contains("아시아");
    assertThat(errors(letters(SAID), letters(text(transcript)))).isLessThan(LETTER_ERRORS);
    timesMakeSense(transcript);
  }

  @Test
  void aSoundWhoseWorkerIsKilledIsHeardByAnother() throws Exception {
    Path tenTimes = made("long.flac", "-af aloop=loop=9:size=150000");
    Transcript before = hear(message);
    Map<Long, Duration> idle = new HashMap<>();
    workers().forEach(worker -> idle.put(worker.pid(), busy(worker)));
    CompletableFuture<Void> killed =
        CompletableFuture.runAsync(() -> {
          while (workers().noneMatch(worker -> hasWorked(worker, idle))) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
          }
          workers().forEach(ProcessHandle::destroyForcibly);
        });

    assertThat(text(hear(tenTimes))).contains("아시아");
    killed.join();
    assertThat(hear(message)).isEqualTo(before);
  }

  private static Stream<ProcessHandle> workers() {
    return ProcessHandle.current()
        .descendants()
        .filter(child -> child.info().command().orElse("").endsWith("java"));
  }

  private static boolean hasWorked(ProcessHandle worker, Map<Long, Duration> idle) {
    Duration before = idle.getOrDefault(worker.pid(), Duration.ofDays(1));
    return busy(worker).minus(before).compareTo(Duration.ofMillis(500)) > 0;
  }

  private static Duration busy(ProcessHandle worker) {
    return worker.info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
