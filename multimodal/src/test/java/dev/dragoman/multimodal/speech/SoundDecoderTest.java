package dev.dragoman.multimodal.speech;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dragoman.multimodal.speech.SoundDecoder.Measured;
import dev.dragoman.multimodal.worker.WorkerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SoundDecoderTest {
  private static final double SECONDS = 6.5;

  @TempDir private Path folder;
  private SoundDecoder decoder;
  private Path wav;

  @BeforeEach
  void aSound() throws IOException {
    decoder = SoundDecoder.open(Sounds.CACHE);
    wav =
        Sounds.wav(
            folder.resolve("it's a \"call\" 100% ünï.wav"),
            Sounds.join(Sounds.silence(1), Sounds.voice(4, 1), Sounds.silence(1.5)));
  }

  private Path made(String name, String... how) throws IOException, InterruptedException {
    Path file = folder.resolve(name);
    String[] all = new String[how.length + 3];
    all[0] = "-i";
    all[1] = wav.toString();
    System.arraycopy(how, 0, all, 2, how.length);
    all[all.length - 1] = file.toString();
    Sounds.ffmpeg(all);
    return file;
  }

  private Path cut(Path file, double share) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return Files.write(
        folder.resolve("cut-" + file.getFileName()),
        Arrays.copyOf(bytes, (int) (bytes.length * share)));
  }

  private AbstractThrowableAssert<?, ? extends Throwable> refused(Path file, String code) {
    return assertThatThrownBy(() -> decoder.measure(file, SpeechLimits.DEFAULT))
        .isInstanceOfSatisfying(
            WorkerException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }

  @ParameterizedTest
  @CsvSource({
    "a.mp3,   8000, 1, mp3",
    "b.mp3,  44100, 2, mp3",
    "c.ogg,  22050, 1, vorbis",
    "d.opus, 48000, 1, opus",
    "e.flac, 16000, 2, flac",
    "f.m4a,  44100, 1, aac",
    "g.wav,   8000, 2, pcm_s16le",
    "h.wma,  16000, 1, wmav2",
    "i.aiff, 16000, 1, pcm_s16be",
    "j.webm, 48000, 1, opus",
    "k.au,    8000, 1, pcm_s16be",
    "l.mka,  16000, 1, vorbis"
  })
  void everyContainerAndCodecIsDecoded(String name, int rate, int channels, String codec)
      throws Exception {
    Path file = made(name, "-ar", Integer.toString(rate), "-ac", Integer.toString(channels));

    Measured measured = decoder.measure(file, SpeechLimits.DEFAULT);

    assertThat(measured.info().codec()).isEqualTo(codec);
    assertThat(measured.info().sampleRate()).isEqualTo(rate);
    assertThat(measured.info().channels()).isEqualTo(channels);
    assertThat(measured.seconds()).isCloseTo(SECONDS, within(0.15));
    assertThat(measured.problems()).isEmpty();
    try (DecodedSound sound = decoder.decode(file, SpeechLimits.DEFAULT)) {
      assertThat(sound.speakers()).isEqualTo(1);
      assertThat(sound.speech(1)).hasSize(1);
      assertThat(sound.speech(1).getFirst().startSeconds()).isCloseTo(0.8, within(0.2));
    }
  }

  @Test
  void surroundSoundIsMixedIntoOneTrack() throws Exception {
    Path file = made("film.flac", "-af", "pan=5.1|FC=c0|FL=0.5*c0");

    assertThat(decoder.probe(file).channels()).isEqualTo(6);
    try (DecodedSound sound = decoder.decode(file, SpeechLimits.DEFAULT)) {
      assertThat(sound.speakers()).isEqualTo(1);
      assertThat(sound.speech(1)).hasSize(1);
    }
  }

  @Test
  void aFilmGivesItsSoundTrack() throws Exception {
    Path film =
        made(
            "film.mp4", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=5:duration=6.5", "-shortest");

    assertThat(decoder.measure(film, SpeechLimits.DEFAULT).seconds())
        .isCloseTo(SECONDS, within(0.3));
  }

  @Test
  void aFilmWithoutSoundIsUnsupported() throws Exception {
    Path film = folder.resolve("silent.mp4");
    Sounds.ffmpeg("-f", "lavfi", "-i", "testsrc=size=64x48:rate=5:duration=2", film.toString());

    refused(film, "UNSUPPORTED").hasMessageContaining("no sound track");
  }

  @Test
  void aFileWithoutBytesIsEmpty() throws Exception {
    refused(Files.createFile(folder.resolve("nothing.wav")), "EMPTY");
  }

  @Test
  void aSoundOfNoLengthIsEmpty() {
    refused(Sounds.wav(folder.resolve("short.wav"), new double[0]), "EMPTY")
        .hasMessageContaining("no length");
  }

  @ParameterizedTest
  @ValueSource(strings = {"call.mp3", "call.wav", "call.m4a", "call.ogg", "call.flac"})
  void whatIsNotASoundIsCorruptWhateverItsName(String name) throws Exception {
    byte[] noise = new byte[5000];
    new java.util.Random(3).nextBytes(noise);

    refused(Files.write(folder.resolve(name), noise), "CORRUPT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"list.m3u8", "list.mp3"})
  void aPlayListIsNotFollowed(String name) throws Exception {
    Path list =
        Files.writeString(
            folder.resolve(name),
            "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:6.5,\n" + wav + "\n#EXT-X-ENDLIST\n",
            UTF_8);

    refused(list, "UNSUPPORTED");
  }

  @Test
  void aConcatenationScriptIsNotFollowed() throws Exception {
    Path list =
        Files.writeString(
            folder.resolve("list.wav"), "ffconcat version 1.0\nfile sound.wav\n", UTF_8);

    refused(list, "UNSUPPORTED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"call.flac", "call.mp3", "call.wav"})
  void ofATruncatedSoundTheBeginningIsKeptWithANote(String name) throws Exception {
    Measured measured = decoder.measure(cut(made(name), 0.5), SpeechLimits.DEFAULT);

    assertThat(measured.seconds()).isBetween(1.0, 5.0);
    assertThat(measured.problems()).isNotEmpty();
    assertThat(measured.problems().getFirst())
        .doesNotContain("0x")
        .doesNotContain(folder.toString());
  }

  @Test
  void aTruncatedSoundOfWhichNothingCanBeDecodedIsCorrupt() throws Exception {
    refused(cut(made("call.m4a"), 0.5), "CORRUPT");
  }

  @Test
  void aSoundLongerThanAllowedIsTooLarge() {
    SpeechLimits limits = new SpeechLimits(Duration.ofSeconds(5), Duration.ofMinutes(1));

    assertThatThrownBy(() -> decoder.measure(wav, limits))
        .isInstanceOfSatisfying(
            WorkerException.class, e -> assertThat(e.code()).isEqualTo("TOO_LARGE"));
  }

  @Test
  void decodingThatTakesTooLongIsKilled() {
    Path long1 = Sounds.wav(folder.resolve("long.wav"), Sounds.silence(600));
    SpeechLimits limits = new SpeechLimits(Duration.ofHours(1), Duration.ofMillis(1));

    assertThatThrownBy(() -> decoder.measure(long1, limits))
        .isInstanceOfSatisfying(
            WorkerException.class, e -> assertThat(e.code()).isEqualTo("TIMEOUT"));
    assertThat(ProcessHandle.current().children())
        .noneMatch(
            child -> child.info().command().orElse("").contains("ffmpeg") && child.isAlive());
  }

  @Test
  void aSoundMeasuresTheSameEveryTime() throws Exception {
    Path file = cut(made("call.flac"), 0.5);

    assertThat(decoder.measure(file, SpeechLimits.DEFAULT))
        .isEqualTo(decoder.measure(file, SpeechLimits.DEFAULT));
  }

  @Test
  void aHalfUnpackedProgramIsReplaced() throws Exception {
    Path cache = folder.resolve("cache");
    Path program = Ffmpeg.open(cache).program();
    long size = Files.size(program);
    Files.write(program, new byte[10]);

    assertThat(Ffmpeg.open(cache).program()).isEqualTo(program).hasSize(size);
    try (var files = Files.list(program.getParent())) {
      assertThat(files).containsExactly(program);
    }
  }

  @Test
  void aCacheThatCannotBeWrittenIsToldWithWhatToDo() throws Exception {
    Path notAFolder = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> SoundDecoder.open(notAFolder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("DRAGOMAN_HOME");
  }
}
