package dev.dragoman.models;

/**
 * How a language model runs.
 *
 * @param threads how many threads the steps of the model use together, the caller's own included.
 *     The numbers do not depend on it.
 */
public record LanguageModelOptions(int threads) {
  /** As many threads as there are cores, or what system property {@code dragoman.threads} says. */
  public static LanguageModelOptions defaults() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new LanguageModelOptions(Math.max(1, Integer.getInteger("dragoman.threads", cores)));
  }

  /** Checks the number. */
  public LanguageModelOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads " + threads);
    }
  }

  /** With so many threads. */
  public LanguageModelOptions withThreads(int value) {
    return new LanguageModelOptions(value);
  }
}
