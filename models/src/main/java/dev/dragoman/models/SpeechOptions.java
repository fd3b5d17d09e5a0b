package dev.dragoman.models;

import java.util.List;

/**
 * How sounds are transcribed.
 *
 * @param language as the model writes it, mostly ISO 639-1; empty to find it out
 * @param task what is written down
 * @param beams how many transcriptions are followed at once; 1 is greedy
 * @param bestOf how many are drawn at a temperature above 0, of which the best is taken
 * @param temperatures tried one after the other until a window's text is neither too repetitive nor
 *     too unlikely
 * @param compressionRatio above which a text is too repetitive
 * @param logProbability below which the mean of the tokens' is too unlikely
 * @param noSpeech above which, if the text is unlikely too, nothing is said
 * @param conditionOnPrevious whether a window is shown the text before it
 * @param prompt text that is shown as if it came before the sound: names, spelling
 * @param wordTimes whether words get times
 * @param silenceAround seconds of silence around words that look made up, from which they are left
 *     out; 0 to keep them, positive needs {@code wordTimes}
 * @param windows how many windows of half a minute are decoded together. With 1 each window starts
 *     where the last one's text ends and is shown it, as the reference does; with more, a long
 *     sound is cut at pauses and its windows know nothing of each other, which is faster
 * @param seed of the draws
 */
public record SpeechOptions(
    String language,
    Task task,
    int beams,
    int bestOf,
    List<Double> temperatures,
    double compressionRatio,
    double logProbability,
    double noSpeech,
    boolean conditionOnPrevious,
    String prompt,
    boolean wordTimes,
    double silenceAround,
    int windows,
    long seed) {
  /** What is written down. */
  public enum Task {
    /** What was said. */
    TRANSCRIBE,
    /** The same in English. */
    TRANSLATE
  }

  private static final SpeechOptions DEFAULTS =
      new SpeechOptions(
          "",
          Task.TRANSCRIBE,
          5,
          5,
          List.of(0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
          2.4,
          -1,
          0.6,
          true,
          "",
          false,
          0,
          1,
          0);

  /** Checks the numbers. */
  public SpeechOptions {
    temperatures = List.copyOf(temperatures);
    if (beams < 1 || bestOf < 1 || windows < 1 || !(silenceAround >= 0)) {
      throw new IllegalArgumentException(
          "beams %d, bestOf %d, windows %d, silenceAround %s"
              .formatted(beams, bestOf, windows, silenceAround));
    }
    if (temperatures.isEmpty() || temperatures.stream().anyMatch(t -> !(t >= 0 && t <= 10))) {
      throw new IllegalArgumentException("temperatures " + temperatures);
    }
    if (silenceAround > 0 && !wordTimes) {
      throw new IllegalArgumentException("silenceAround needs wordTimes");
    }
  }

  /** As the reference does it: five beams, the language found out. */
  public static SpeechOptions defaults() {
    return DEFAULTS;
  }

  /** The same for sounds in this language. */
  public SpeechOptions withLanguage(String wanted) {
    return with(wanted, task, beams, prompt, wordTimes, silenceAround, windows);
  }

  /** The same with this written down. */
  public SpeechOptions withTask(Task wanted) {
    return with(language, wanted, beams, prompt, wordTimes, silenceAround, windows);
  }

  /** The same with so many beams. */
  public SpeechOptions withBeams(int wanted) {
    return with(language, task, wanted, prompt, wordTimes, silenceAround, windows);
  }

  /** The same with this text shown as if it came before the sound. */
  public SpeechOptions withPrompt(String wanted) {
    return with(language, task, beams, wanted, wordTimes, silenceAround, windows);
  }

  /** The same with times for words. */
  public SpeechOptions withWordTimes() {
    return with(language, task, beams, prompt, true, silenceAround, windows);
  }

  /** The same, with what looks made up in so many seconds of silence left out. */
  public SpeechOptions withSilenceAround(double seconds) {
    return with(language, task, beams, prompt, true, seconds, windows);
  }

  /** The same with so many windows decoded together. */
  public SpeechOptions withWindows(int wanted) {
    return with(language, task, beams, prompt, wordTimes, silenceAround, wanted);
  }

  /** The same at these temperatures. */
  public SpeechOptions withTemperatures(List<Double> wanted) {
    return new SpeechOptions(
        language,
        task,
        beams,
        bestOf,
        wanted,
        compressionRatio,
        logProbability,
        noSpeech,
        conditionOnPrevious,
        prompt,
        wordTimes,
        silenceAround,
        windows,
        seed);
  }

  /** The same, each window not shown the text before it. */
  public SpeechOptions withoutPrevious() {
    return new SpeechOptions(
        language,
        task,
        beams,
        bestOf,
        temperatures,
        compressionRatio,
        logProbability,
        noSpeech,
        false,
        prompt,
        wordTimes,
        silenceAround,
        windows,
        seed);
  }

  private SpeechOptions with(
      String newLanguage,
      Task newTask,
      int newBeams,
      String newPrompt,
      boolean newWordTimes,
      double newSilenceAround,
      int newWindows) {
    return new SpeechOptions(
        newLanguage,
        newTask,
        newBeams,
        bestOf,
        temperatures,
        compressionRatio,
        logProbability,
        noSpeech,
        conditionOnPrevious,
        newPrompt,
        newWordTimes,
        newSilenceAround,
        newWindows,
        seed);
  }
}
