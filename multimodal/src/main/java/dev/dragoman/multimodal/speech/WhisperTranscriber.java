package dev.dragoman.multimodal.speech;

import dev.dragoman.models.Speech;
import dev.dragoman.models.SpeechOptions;
import dev.dragoman.models.SpeechRecognizer;
import dev.dragoman.multimodal.worker.WorkerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whisper in this process, which is plain Java: all transcribers of a folder share one model. What
 * each speaker says is transcribed without the silence between.
 */
final class WhisperTranscriber implements Transcriber {
  private static final double SEGMENT_PAUSE_SECONDS = 0.8;
  private static final double SILENCE_SECONDS = 2;
  private static final Map<Path, Shared> MODELS = new HashMap<>();

  private final SoundDecoder decoder;
  private final Shared shared;
  private boolean closed;

  /** A model and how many use it. */
  private static final class Shared {
    final Path folder;
    final SpeechRecognizer model;
    int users;

    Shared(Path folder, SpeechRecognizer model) {
      this.folder = folder;
      this.model = model;
    }
  }

  WhisperTranscriber(Path folder, SoundDecoder decoder) throws IOException {
    this.decoder = decoder;
    this.shared = take(folder.toRealPath());
  }

  private static Shared take(Path folder) {
    synchronized (MODELS) {
      Shared shared = MODELS.get(folder);
      if (shared == null) {
        int threads = Runtime.getRuntime().availableProcessors();
        shared = new Shared(folder, SpeechRecognizer.open(folder, threads));
        MODELS.put(folder, shared);
      }
      shared.users++;
      return shared;
    }
  }

  @Override
  public Transcript transcribe(Path sound, String language, SpeechLimits limits)
      throws WorkerException {
    SpeechOptions options =
        SpeechOptions.defaults().withLanguage(language).withSilenceAround(SILENCE_SECONDS);
    try (DecodedSound decoded = decoder.decode(sound, limits)) {
      List<Transcript.Segment> segments = new ArrayList<>();
      String spoken = language;
      for (int speaker = 1; speaker <= decoded.speakers(); speaker++) {
        SpokenSamples samples = new SpokenSamples(decoded, speaker);
        if (samples.length() > 0) {
          Speech speech = shared.model.transcribe(samples, options, segment -> {});
          collect(speech, samples, speaker, segments);
          spoken = spoken.isEmpty() ? speech.language() : spoken;
        }
      }
      return new Transcript(
          spoken,
          decoded.seconds(),
          decoded.info().sampleRate(),
          decoded.info().channels(),
          decoded.speakers(),
          segments,
          decoded.problems());
    } catch (IOException e) {
      throw new WorkerException(
          "INTERNAL", "cannot read back the decoded sound: " + e.getMessage());
    }
  }

  /** Cuts what was heard at its pauses in the sound. */
  private static void collect(
      Speech speech, SpokenSamples samples, int speaker, List<Transcript.Segment> into) {
    List<SpokenWord> open = new ArrayList<>();
    for (Speech.Segment segment : speech.segments()) {
      for (SpokenWord word : words(segment, samples)) {
        if (!open.isEmpty()
            && word.startSeconds() - open.getLast().endSeconds() >= SEGMENT_PAUSE_SECONDS) {
          into.add(new Transcript.Segment(speaker, open));
          open.clear();
        }
        open.add(word);
      }
      if (!open.isEmpty()) {
        into.add(new Transcript.Segment(speaker, open));
        open.clear();
      }
    }
  }

  private static List<SpokenWord> words(Speech.Segment segment, SpokenSamples samples) {
    List<SpokenWord> words = new ArrayList<>();
    for (Speech.Word word : segment.words()) {
      if (!word.text().isEmpty()) {
        words.add(samples.inSound(word.text(), word.start(), word.end(), word.probability()));
      }
    }
    if (words.isEmpty() && !segment.text().isEmpty()) {
      words.add(
          samples.inSound(segment.text(), segment.start(), segment.end(), segment.confidence()));
    }
    return words;
  }

  @Override
  public void close() {
    synchronized (MODELS) {
      if (!closed) {
        closed = true;
        shared.users--;
        if (shared.users == 0) {
          MODELS.remove(shared.folder);
          shared.model.close();
        }
      }
    }
  }
}
