package dev.dragoman.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.Speech;
import dev.dragoman.models.SpeechOptions;
import dev.dragoman.models.SpeechRecognizer;
import dev.dragoman.models.catalog.ModelStore;
import dev.dragoman.multimodal.speech.SoundDecoder;
import dev.dragoman.multimodal.speech.SoundSamples;
import dev.dragoman.multimodal.speech.SpeechLimits;
import dev.dragoman.multimodal.speech.SpokenWord;
import dev.dragoman.multimodal.speech.Transcriber;
import dev.dragoman.multimodal.speech.Transcript;
import dev.dragoman.multimodal.worker.WorkerException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes down what is said in sounds. */
@Command(
    name = "transcribe",
    description = {
      "Print what is said in the sound file that each line names.",
      "Times are in seconds; the confidence of a segment is from 0 to 1."
    },
    footer = {
      "",
      "Example:",
      "  ls samples/calls/*.mp3 | dragoman model transcribe --model whisper-tiny.en"
    })
final class TranscribeCommand implements Callable<Integer> {
  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelCommand.LineOptions options = new ModelCommand.LineOptions();

  @Option(
      names = "--language",
      paramLabel = "CODE",
      defaultValue = "",
      description = "What is spoken, such as en; found out if not given and the model can.")
  private String language = "";

  @Option(
      names = "--task",
      paramLabel = "transcribe|translate",
      defaultValue = "transcribe",
      description = "translate writes in English what is said in another language.")
  private SpeechOptions.Task task = SpeechOptions.Task.TRANSCRIBE;

  @Option(
      names = "--num-beams",
      paramLabel = "N",
      defaultValue = "5",
      description = "How many transcriptions are followed at once (default 5; 1 is fastest).")
  private int beams = 5;

  @Option(
      names = "--windows",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Decode so many half minutes together, which is faster; they know nothing of each other"
              + " (default 1).")
  private int windows = 1;

  @Option(names = "--words", description = "Print the times of words too.")
  private boolean words;

  record Word(double start, double end, String text, double confidence) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Segment(
      double start, double end, String text, double confidence, @Nullable List<Word> words) {}

  record Line(String text, List<Segment> segments, String language) {}

  private interface Ear {
    Line hear(Path sound) throws WorkerException, IOException;
  }

  @Override
  public Integer call() throws IOException {
    if (beams < 1 || windows < 1) {
      throw new UserException("--num-beams and --windows must be at least 1");
    }
    Path folder = options.folder(common);
    Path cache = ModelStore.atDefaultHome().home().resolve("native");
    if (!SpeechRecognizer.isOne(folder)) {
      try (Transcriber transcriber = Transcriber.open(folder, cache)) {
        run(sound -> line(transcriber.transcribe(sound, language, SpeechLimits.DEFAULT)));
      }
      return ExitCode.DONE;
    }
    SoundDecoder decoder = SoundDecoder.open(cache);
    SpeechOptions how =
        SpeechOptions.defaults()
            .withLanguage(language)
            .withTask(task)
            .withBeams(beams)
            .withWindows(windows);
    SpeechOptions asked = words ? how.withWordTimes() : how;
    int threads = Runtime.getRuntime().availableProcessors();
    try (SpeechRecognizer recognizer = SpeechRecognizer.open(folder, threads)) {
      run(sound -> {
        try (SoundSamples samples = decoder.samples(sound, SpeechLimits.DEFAULT)) {
          return line(recognizer.transcribe(samples, asked, segment -> {}));
        }
      });
    }
    return ExitCode.DONE;
  }

  private void run(Ear ear) throws IOException {
    try (BufferedReader lines = options.lines()) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        try {
          CommonOptions.printJson(System.out, ear.hear(Path.of(line.strip())));
        } catch (WorkerException | ModelException | IOException e) {
          throw new UserException(
              "line %d, %s: %s".formatted(number, line.strip(), e.getMessage()), e);
        }
      }
    }
  }

  private Line line(Speech speech) {
    List<Segment> segments = new ArrayList<>();
    for (Speech.Segment segment : speech.segments()) {
      segments.add(
          new Segment(
              segment.start(),
              segment.end(),
              segment.text(),
              segment.confidence(),
              words
                  ? segment.words().stream()
                      .map(w -> new Word(w.start(), w.end(), w.text(), w.probability()))
                      .toList()
                  : null));
    }
    return new Line(speech.text(), segments, speech.language());
  }

  private Line line(Transcript transcript) {
    List<Segment> segments = new ArrayList<>();
    for (Transcript.Segment segment : transcript.segments()) {
      segments.add(
          new Segment(
              segment.startSeconds(),
              segment.endSeconds(),
              segment.words().stream().map(SpokenWord::text).collect(Collectors.joining(" ")),
              segment.confidence(),
              words
                  ? segment.words().stream()
                      .map(
                          w -> new Word(w.startSeconds(), w.endSeconds(), w.text(), w.confidence()))
                      .toList()
                  : null));
    }
    String text = segments.stream().map(Segment::text).collect(Collectors.joining(" "));
    return new Line(text, segments, transcript.language());
  }
}
