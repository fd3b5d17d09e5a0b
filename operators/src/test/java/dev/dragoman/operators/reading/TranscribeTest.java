package dev.dragoman.operators.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.models.MissingModelException;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.catalog.ModelStore;
import dev.dragoman.multimodal.speech.SpokenWord;
import dev.dragoman.multimodal.speech.Transcript;
import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.AudioPart;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Part;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Sha256;
import dev.dragoman.operators.record.Step;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TranscribeTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Findings FINDINGS = new Findings(Transcribe.Config.defaults().info(), "m");
  private static final PartId ID = new PartId("transcript");

  /** One packed ffmpeg for all tests of this class. */
  @TempDir private static Path home;

  private static Transcribe.Config config(String json) throws IOException {
    return Configs.configure(Transcribe.Config.class, JSON.readTree(json));
  }

  private static Document call(String source) {
    return call(source, wav(8000));
  }

  /** A WAV file of silence, 8,000 samples a second. */
  private static byte[] wav(int samples) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AudioFormat format = new AudioFormat(8000, 16, 1, true, false);
    try {
      AudioSystem.write(
          new AudioInputStream(new ByteArrayInputStream(new byte[2 * samples]), format, samples),
          AudioFileFormat.Type.WAVE,
          out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static Document call(String source, byte[] bytes) {
    Document file =
        Document.ofFile(
            URI.create(source),
            "audio/wav",
            bytes.length,
            Sha256.of(bytes),
            new Content.Inline(bytes));
    List<Part> parts = new ArrayList<>(file.parts());
    parts.add(
        new AudioPart(
            new PartId("audio"), "audio/wav", new Content.SameAs(PartId.FILE), Double.NaN));
    return file.withParts(parts);
  }

  private Outcome apply(Transcribe.Config config, Document document) {
    OperatorContext context =
        new OperatorContext(ModelStore.at(home), OperatorContext.local().contents());
    try (Operator operator = config.open(context)) {
      return operator.apply(List.of(document)).getFirst();
    }
  }

  private static String skipped(Outcome outcome) {
    Document document = ((Outcome.Enriched) outcome).document();
    Step step = document.provenance().steps().getFirst();
    assertThat(step.status()).isEqualTo(Step.Status.SKIPPED);
    assertThat(document.label("skipped")).map(Annotation.Label::value).hasValue(step.note());
    assertThat(document.textParts()).isEmpty();
    assertThat(document.partsOf(AudioPart.class).getFirst().durationSeconds()).isEqualTo(1.0);
    return step.note();
  }

  @Test
  void aDocumentWithoutSoundPassesUntouched() {
    Document ticket = Document.ofText(URI.create("file:///t.txt"), "text/plain", "hello");

    assertThat(apply(Transcribe.Config.defaults(), ticket)).isEqualTo(new Outcome.Enriched(ticket));
  }

  @Test
  void aSoundOfUnknownLanguageIsKeptAndToldHowToGoOn() {
    assertThat(skipped(apply(Transcribe.Config.defaults(), call("file:///calls/a.mp3"))))
        .contains("language_by_path", "dragoman model pull");
  }

  @Test
  void aSoundWhoseModelIsNotInstalledIsKeptWithTheCommandThatGetsIt() throws Exception {
    assertThat(skipped(apply(config("{\"language\": \"ko\"}"), call("file:///a.mp3"))))
        .endsWith("dragoman model pull vosk-ko");
  }

  private RejectionCode refused(Document document) {
    Outcome outcome = apply(Transcribe.Config.defaults(), document);
    return ((Outcome.Failed) outcome).rejected().failure().code();
  }

  @Test
  void aSoundOfNoLengthIsEmptyEvenWithoutAModel() {
    assertThat(refused(call("file:///a.wav", wav(0)))).isEqualTo(RejectionCode.EMPTY);
    assertThat(refused(call("file:///a.wav", new byte[0]))).isEqualTo(RejectionCode.EMPTY);
  }

  @Test
  void whatIsNotASoundIsCorruptEvenWithoutAModel() {
    assertThat(refused(call("file:///a.wav", new byte[] {1, 2, 3})))
        .isEqualTo(RejectionCode.CORRUPT);
  }

  @Test
  void aSoundThatIsGoneIsUnreadable() {
    URI gone = home.resolve("gone.wav").toUri();
    Document document =
        call(gone.toString())
            .withParts(
                List.of(
                    new AudioPart(
                        new PartId("audio"),
                        "audio/wav",
                        new Content.Reference(gone, 3, Sha256.of(new byte[3])),
                        Double.NaN)));

    assertThat(refused(document)).isEqualTo(RejectionCode.UNREADABLE);
  }

  @Test
  void aSoundInALanguageWithoutAnyModelIsKeptAndToldWhatThereIs() throws Exception {
    assertThat(skipped(apply(config("{\"language\": \"fy\"}"), call("file:///a.mp3"))))
        .contains("fy", "dragoman model pull", "vosk-ko (ko)", "model_by_language");
  }

  @Test
  void aModelThatIsNotNamedIsSuggested() throws Exception {
    assertThat(
            skipped(
                apply(
                    config("{\"language\": \"ko\", \"model_by_language\": {}}"),
                    call("file:///a.mp3"))))
        .contains("dragoman model pull vosk-ko", "model_by_language: {ko: vosk-ko}");
  }

  @Test
  void aRecipeThatInsistsOnAModelRejectsWhatHasNone() throws Exception {
    Outcome outcome = apply(config("{\"on_missing_model\": \"fail\"}"), call("file:///a.mp3"));

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed ->
                assertThat(failed.rejected().failure().code())
                    .isEqualTo(RejectionCode.MISSING_MODEL));
  }

  @Test
  void aRecipeThatInsistsOnAModelDoesNotStartWithoutIt() {
    assertThatThrownBy(() ->
            apply(
                config("{\"on_missing_model\": \"fail\", \"model\": \"vosk-ko\"}"),
                call("file:///a.mp3")))
        .isInstanceOf(MissingModelException.class);
  }

  @Test
  void aModelThatDoesNotExistIsRefusedBeforeAnythingStarts() {
    assertThatThrownBy(() -> apply(config("{\"model\": \"vosk-kr\"}"), call("file:///a.mp3")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("vosk-ko");
  }

  @ParameterizedTest
  @CsvSource({
    "file:///calls/ko/a.mp3,                      ko",
    "file:///calls/ko/2026/a.mp3,                 ko",
    "file:///calls/en/a-ko.mp3,                   ko",
    "file:///calls/en/a.mp3,                      ''",
    "s3://bucket/ko/a.mp3,                        ko",
    "file:///mail/m.eml!a-ko.ogg,                 ko",
    "file:///mail/m.zip!calls/ko/%ED%95%9C.ogg,   ko",
    "file:///mail/m-ko.zip!a.ogg,                 ''",
    "file:///nl/gesprek%20met%20klant.ogg,        nl",
  })
  void theLanguageComesFromWhereTheSoundLies(String source, String language) throws Exception {
    Transcribe.Config config =
        config(
            "{\"language_by_path\":"
                + " {\"**/ko/**\": \"ko\", \"*-ko.*\": \"ko\", \"*met klant*\": \"nl\"}}");

    assertThat(config.languageOf(call(source))).isEqualTo(language);
  }

  @Test
  void theFirstRuleThatFitsCounts() throws Exception {
    Transcribe.Config config =
        config("{\"language_by_path\": {\"**/special/**\": \"en\", \"*.mp3\": \"ko\"}}");

    assertThat(config.languageOf(call("file:///a/special/b.mp3"))).isEqualTo("en");
  }

  @Test
  void onlyModelsThatTheRecipeCanReachArePulled() throws Exception {
    assertThat(Transcribe.Config.defaults().models()).isEmpty();
    assertThat(config("{\"language\": \"ko\"}").models()).containsExactly("vosk-ko");
    assertThat(config("{\"language_by_path\": {\"*-ko.*\": \"ko\", \"*\": \"en\"}}").models())
        .containsExactly("vosk-ko", "whisper-tiny.en");
    assertThat(config("{\"model\": \"/models/mine\"}").models()).containsExactly("/models/mine");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"language\": \"Korean\"}",
        "{\"language_by_path\": {\"[\": \"ko\"}}",
        "{\"language_by_path\": {\"*\": \"auto\"}}",
        "{\"model_by_language\": {\"korean\": \"vosk-ko\"}}",
        "{\"model\": \" \"}",
        "{\"min_confidence\": 1.5}",
        "{\"max_minutes\": 0}"
      })
  void aConfigurationThatMeansNothingIsRefused(String json) {
    assertThatThrownBy(() -> config(json)).isInstanceOf(ConfigException.class);
  }

  @Test
  void withoutExtractTextBeforeItIsRefused() {
    assertThatThrownBy(() -> Transcribe.Config.defaults().checkAfter(List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("ExtractText");
  }

  private static SpokenWord word(String text, double start) {
    return new SpokenWord(text, start, start + 0.4, 0.8);
  }

  private static Transcript.Segment segment(int speaker, SpokenWord... words) {
    return new Transcript.Segment(speaker, List.of(words));
  }

  private static Transcript transcript(int speakers, Transcript.Segment... segments) {
    return new Transcript("ko", 30, 8000, speakers, speakers, List.of(segments), List.of());
  }

  @Test
  void everyTurnIsALineAndEveryIntervalPointsToItsWords() {
    Transcript transcript =
        transcript(
            2,
            segment(1, word("good", 0.5), word("morning", 1)),
            segment(1, word("hello", 2.5)),
            segment(2, word("hi", 3.5)),
            segment(1, word("bye", 9)));
    List<Annotation> annotations = new ArrayList<>();

    String text = Transcribe.write(transcript, FINDINGS, ID, annotations);

    assertThat(text).isEqualTo("good morning hello\nhi\nbye");
    assertThat(annotations)
        .hasSize(12)
        .allSatisfy(annotation -> {
          Annotation.Interval interval = (Annotation.Interval) annotation;
          String stretch = text.substring(interval.start(), interval.end());
          if (interval.kind().equals("speaker")) {
            assertThat(text.lines()).contains(stretch);
          } else {
            assertThat(stretch).isEqualTo(interval.value());
          }
          assertThat(interval.origin().part()).isEqualTo(ID);
        });
    assertThat(intervals(annotations, "speaker"))
        .extracting(Annotation.Interval::value)
        .containsExactly("1", "2", "1");
    assertThat(intervals(annotations, "segment")).hasSize(4);
    assertThat(intervals(annotations, "word"))
        .extracting(Annotation.Interval::startSeconds)
        .containsExactly(0.5, 1.0, 2.5, 3.5, 9.0);
  }

  @Test
  void aSingleSpeakerIsNotNamed() {
    List<Annotation> annotations = new ArrayList<>();

    Transcribe.write(transcript(1, segment(1, word("hello", 1))), FINDINGS, ID, annotations);

    assertThat(annotations).extracting(Annotation::kind).containsExactly("segment", "word");
  }

  @Test
  void aSoundInWhichNobodySpeaksHasAnEmptyText() {
    List<Annotation> annotations = new ArrayList<>();

    assertThat(Transcribe.write(transcript(1), FINDINGS, ID, annotations)).isEmpty();
    assertThat(annotations).isEmpty();
  }

  private static List<Annotation.Interval> intervals(List<Annotation> annotations, String kind) {
    return annotations.stream()
        .filter(annotation -> annotation.kind().equals(kind))
        .map(Annotation.Interval.class::cast)
        .toList();
  }
}
