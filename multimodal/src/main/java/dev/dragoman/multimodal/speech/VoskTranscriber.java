package dev.dragoman.multimodal.speech;

import dev.dragoman.models.ModelException;
import dev.dragoman.multimodal.worker.WorkerException;
import dev.dragoman.multimodal.worker.WorkerPool;
import dev.dragoman.multimodal.worker.WorkerSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Vosk behind worker processes; each stretch of speech is a request of its own. */
final class VoskTranscriber implements Transcriber {
  private static final int MOST_WORKERS = 2;
  private static final int HEAP_MB = 128;
  private static final Duration STRETCH_TIME = Duration.ofMinutes(5);
  private static final int MAX_REQUESTS = 2000;

  /** Vosk holds about three times the size of a model's files. */
  private static final long RESIDENT_PER_FILE_BYTE = 4;

  private static final long RESIDENT_MB = 1024;

  private final SoundDecoder decoder;
  private final WorkerPool pool;

  VoskTranscriber(Path model, SoundDecoder decoder) {
    this.decoder = decoder;
    this.pool =
        WorkerPool.shared(
            new WorkerSpec(
                VoskService.class,
                Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_WORKERS),
                HEAP_MB,
                STRETCH_TIME,
                MAX_REQUESTS,
                RESIDENT_MB + RESIDENT_PER_FILE_BYTE * sizeMb(model),
                List.of(
                    "--enable-native-access=ALL-UNNAMED",
                    "-D" + VoskService.MODEL + "=" + model.toAbsolutePath())));
  }

  /** Whether a folder looks like a Vosk model. */
  static boolean holdsModel(Path folder) {
    return Files.isRegularFile(folder.resolve("am").resolve("final.mdl"));
  }

  private static long sizeMb(Path model) {
    try (Stream<Path> files = Files.walk(model)) {
      long bytes = 0;
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        bytes += Files.size(file);
      }
      return bytes >> 20;
    } catch (IOException | UncheckedIOException e) {
      throw new ModelException("cannot read the model in " + model + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Transcript transcribe(Path sound, String language, SpeechLimits limits)
      throws WorkerException {
    try (DecodedSound decoded = decoder.decode(sound, limits)) {
      List<Transcript.Segment> segments = new ArrayList<>();
      for (int speaker = 1; speaker <= decoded.speakers(); speaker++) {
        for (VoiceActivity.Stretch stretch : decoded.speech(speaker)) {
          byte[] answer = pool.call(decoded.samples(speaker, stretch));
          for (List<SpokenWord> words : VoskService.Answer.decode(answer, stretch.startSeconds())) {
            segments.add(new Transcript.Segment(speaker, words));
          }
        }
      }
      return new Transcript(
          language,
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

  @Override
  public void close() {
    pool.close();
  }
}
