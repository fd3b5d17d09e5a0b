package dev.dragoman.models;

/**
 * How texts are classified.
 *
 * @param maxTokens where a sequence is cut off, special tokens included; 0 for the model's own
 *     limit
 * @param batchTokens how many tokens go through the model at once
 * @param threads how many threads one call may use, the caller's own included
 */
public record ClassifyOptions(int maxTokens, int batchTokens, int threads) {
  /** The model's own limit, and the calling thread only (system property as for embedding). */
  public static ClassifyOptions defaults() {
    return new ClassifyOptions(0, 512, EmbedOptions.defaults().threads());
  }

  /** Checks the numbers. */
  public ClassifyOptions {
    if (maxTokens < 0 || batchTokens < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "maxTokens %d, batchTokens %d, threads %d".formatted(maxTokens, batchTokens, threads));
    }
  }

  /** With this limit of tokens for each sequence. */
  public ClassifyOptions withMaxTokens(int value) {
    return new ClassifyOptions(value, batchTokens, threads);
  }

  /** With so many tokens at once. */
  public ClassifyOptions withBatchTokens(int value) {
    return new ClassifyOptions(maxTokens, value, threads);
  }

  /** With so many threads. */
  public ClassifyOptions withThreads(int value) {
    return new ClassifyOptions(maxTokens, batchTokens, value);
  }
}
