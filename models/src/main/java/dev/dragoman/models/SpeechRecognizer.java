package dev.dragoman.models;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A model that hears what is said. Safe for use by many threads. */
public interface SpeechRecognizer extends AutoCloseable {
  /**
   * Opens a folder with a Whisper model: of Hugging Face ({@code config.json}, {@code
   * tokenizer.json}, {@code *.safetensors}) or of CTranslate2 ({@code model.bin}, {@code
   * config.json}, {@code tokenizer.json}).
   *
   * @throws ModelException if there is no speech model that is known here
   */
  static SpeechRecognizer open(Path folder) {
    return open(folder, 1);
  }

  /**
   * The same.
   *
   * @param threads how many threads a call may use, the caller's own included
   */
  static SpeechRecognizer open(Path folder, int threads) {
    return SpeechModels.open(folder, threads);
  }

  /**
   * Whether a folder says that it holds such a model.
   *
   * @throws ModelException if it cannot be read
   */
  static boolean isOne(Path folder) {
    return SpeechModels.isOne(folder);
  }

  /** The languages it hears, as it writes them, mostly ISO 639-1. */
  Set<String> languages();

  /** Whether it can write in English what is said in another language. */
  boolean translates();

  /**
   * What is said in some sounds. What is heard in one does not depend on the others.
   *
   * @throws ModelException if the model does not know the language or cannot do the task
   * @throws IOException if the samples cannot be read
   */
  List<Speech> transcribe(List<SampleSource> sounds, SpeechOptions options) throws IOException;

  /**
   * What is said in a sound, segment by segment as it is decoded.
   *
   * @param each is given the segments that the answer has, in their order
   * @throws ModelException if the model does not know the language or cannot do the task
   * @throws IOException if the samples cannot be read
   */
  Speech transcribe(SampleSource sound, SpeechOptions options, Consumer<Speech.Segment> each)
      throws IOException;

  /**
   * What is said in these samples, 16,000 a second, from -1 to 1.
   *
   * @throws ModelException if the model does not know the language or cannot do the task
   */
  Speech transcribe(float[] samples, SpeechOptions options);

  /**
   * Transcribes a sound while it comes in.
   *
   * @throws ModelException if the model does not know the language or cannot do the task
   */
  SpeechStream stream(SpeechOptions options);

  /** Unmaps the weights and ends the threads, after the calls that are in the model. */
  @Override
  void close();
}
