package dev.dragoman.tests.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.Speech;
import dev.dragoman.models.SpeechOptions;
import dev.dragoman.models.SpeechRecognizer;
import dev.dragoman.models.SpeechStream;
import dev.dragoman.models.catalog.ModelPuller;
import dev.dragoman.models.catalog.ModelStore;
import dev.dragoman.multimodal.speech.SoundDecoder;
import dev.dragoman.multimodal.speech.SoundSamples;
import dev.dragoman.multimodal.speech.SpeechLimits;
import dev.dragoman.multimodal.speech.SpokenWord;
import dev.dragoman.multimodal.speech.Transcriber;
import dev.dragoman.multimodal.speech.Transcript;
import dev.dragoman.tests.e2e.Cli;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The English sounds of the samples through whisper-tiny.en, which is pulled on first use. */
class EnglishSpeechTest {
  private static final String SAID =
      "Hi, this is a message about my order. The parcel has not arrived yet, and I need it before"
          + " Friday. Please call me back this afternoon. Thank you.";

  private static Path model;
  private static Path cache;
  private static SpeechRecognizer recognizer;
  private static float[] samples;

  @BeforeAll
  static void openTheModel() throws Exception {
    ModelStore store = ModelStore.atDefaultHome();
    cache = store.home().resolve("native");
    model = ModelPuller.ensure(store, "whisper-tiny.en");
    recognizer = SpeechRecognizer.open(model, 2);
    try (SoundSamples sound =
        SoundDecoder.open(cache).samples(sample("voicemail-delivery.mp3"), SpeechLimits.DEFAULT)) {
      samples = new float[(int) sound.length()];
      sound.read(0, samples, 0, samples.length);
    }
  }

  @AfterAll
  static void closeTheModel() {
    recognizer.close();
  }

  private static Path sample(String name) {
    return Cli.repository().resolve("samples/calls").resolve(name);
  }

  private static List<String> words(String text) {
    return Arrays.asList(text.toLowerCase(Locale.ROOT).replaceAll("[^a-z' ]", "").split(" +"));
  }

  /** How many words must be changed, added or left out, over how many were said. */
  private static double errors(String said, String heard) {
    List<String> a = words(said);
    List<String> b = words(heard);
    int[] row = new int[b.size() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= a.size(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.size(); j++) {
        int change = diagonal + (a.get(i - 1).equals(b.get(j - 1)) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return (double) row[b.size()] / a.size();
  }

  @Test
  void aVoicemailIsHeardAsTheReferenceHearsItWithTimes() {
    Speech speech = recognizer.transcribe(samples, SpeechOptions.defaults().withWordTimes());
    assertThat(errors(SAID, speech.text())).as(speech.text()).isLessThan(0.15);
    assertThat(speech.language()).isEqualTo("en");
    double before = 0;
    for (Speech.Segment segment : speech.segments()) {
      assertThat(segment.confidence()).isBetween(0.5, 1.0);
      assertThat(
              segment.words().stream().map(Speech.Word::raw).collect(Collectors.joining()).strip())
          .isEqualTo(segment.text());
      for (Speech.Word word : segment.words()) {
        assertThat(word.start()).isBetween(before, word.end());
        assertThat(word.end()).isLessThanOrEqualTo(speech.seconds() + 0.1);
        before = word.start();
      }
    }
  }

  @Test
  void windowsDecodedTogetherHearTheSame() throws IOException {
    float[] thrice = new float[3 * samples.length];
    for (int i = 0; i < 3; i++) {
      System.arraycopy(samples, 0, thrice, i * samples.length, samples.length);
    }
    SpeechOptions greedy = SpeechOptions.defaults().withBeams(1);
    Speech together = recognizer.transcribe(thrice, greedy.withWindows(4));
    Speech one = recognizer.transcribe(thrice, greedy);
    String said = SAID + " " + SAID + " " + SAID;
    assertThat(errors(said, together.text())).as(together.text()).isLessThan(0.2);
    assertThat(errors(said, one.text())).as(one.text()).isLessThan(0.2);
  }

  @Test
  void aStreamSettlesWhatWasSaidAtEachPause() {
    List<Speech.Segment> settled = new ArrayList<>();
    boolean pending = false;
    try (SpeechStream stream = recognizer.stream(SpeechOptions.defaults().withBeams(1))) {
      for (int from = 0; from < samples.length; from += 4000) {
        SpeechStream.Heard heard =
            stream.accept(samples, from, Math.min(4000, samples.length - from));
        pending |= !heard.pending().isEmpty();
        settled.addAll(heard.settled());
      }
      settled.addAll(stream.finish().settled());
    }
    assertThat(pending).isTrue();
    String text = settled.stream().map(Speech.Segment::text).collect(Collectors.joining(" "));
    assertThat(errors(SAID, text)).as(text).isLessThan(0.25);
    assertThat(settled).isSortedAccordingTo((a, b) -> Double.compare(a.start(), b.start()));
  }

  @Test
  void silenceSaysNothing() {
    assertThat(
            recognizer
                .transcribe(new float[40 * 16_000], SpeechOptions.defaults().withBeams(1))
                .text())
        .hasSizeLessThan(20);
    assertThat(recognizer.transcribe(new float[0], SpeechOptions.defaults()).segments()).isEmpty();
  }

  @Test
  void aCallHasTwoSpeakersWithTimesInTheWholeCall() throws Exception {
    try (Transcriber transcriber = Transcriber.open(model, cache)) {
      Transcript call =
          transcriber.transcribe(
              sample("call-billing-stereo-8khz.wav"), "en", SpeechLimits.DEFAULT);
      assertThat(call.speakers()).isEqualTo(2);
      assertThat(call.turns()).hasSizeGreaterThan(4);
      String text =
          call.segments().stream()
              .flatMap(segment -> segment.words().stream())
              .map(SpokenWord::text)
              .collect(Collectors.joining(" "));
      assertThat(words(text)).contains("money", "thank", "days");
      call.segments()
          .forEach(segment ->
              assertThat(segment.endSeconds()).isLessThanOrEqualTo(call.durationSeconds()));
    }
  }

  @Test
  void whatTheModelCannotDoIsRefusedByName() {
    assertThatThrownBy(() -> recognizer.stream(SpeechOptions.defaults().withLanguage("nl")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("nl");
    SpeechOptions translate = SpeechOptions.defaults().withTask(SpeechOptions.Task.TRANSLATE);
    assertThatThrownBy(() -> recognizer.transcribe(samples, translate))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("translate");
  }
}
