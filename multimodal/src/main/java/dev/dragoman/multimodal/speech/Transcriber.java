package dev.dragoman.multimodal.speech;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.SpeechRecognizer;
import dev.dragoman.multimodal.worker.WorkerException;
import java.io.IOException;
import java.nio.file.Path;

/** Hears what is said in a sound. Safe for use by many threads. */
public interface Transcriber extends AutoCloseable {
  /**
   * Opens the speech model in a folder; its files say what kind it is. Vosk models ({@code
   * am/final.mdl}), which run in worker processes, and what {@link SpeechRecognizer} opens, which
   * runs in this one, are known.
   *
   * @param model the model's folder
   * @param cache folder that packed programs are unpacked into, once
   * @throws ModelException if the folder holds no speech model that is known here
   * @throws IOException if there is no ffmpeg for this machine; the message says what to do
   */
  static Transcriber open(Path model, Path cache) throws IOException {
    if (VoskTranscriber.holdsModel(model)) {
      return new VoskTranscriber(model, SoundDecoder.open(cache));
    }
    if (SpeechRecognizer.isOne(model)) {
      return new WhisperTranscriber(model, SoundDecoder.open(cache));
    }
    throw new ModelException(
        "no speech model in "
            + model
            + ": a Vosk model's folder has a file am/final.mdl, a Whisper model's has config.json"
            + " with model_type whisper, or model.bin of CTranslate2");
  }

  /**
   * What is said in the first sound track of a file.
   *
   * @param sound any container and codec
   * @param language ISO 639-1, or empty if it is not known; models of one language take no notice
   * @throws WorkerException as {@link SoundDecoder#measure}, and {@code TIMEOUT}, {@code
   *     OUT_OF_MEMORY} or {@code WORKER_CRASHED} if a worker process was lost on this sound
   */
  Transcript transcribe(Path sound, String language, SpeechLimits limits) throws WorkerException;

  /** Gives the worker processes back. */
  @Override
  void close();
}
