package dev.dragoman.models;

import java.util.Optional;

/**
 * How texts are embedded.
 *
 * @param pooling empty for what the model's own files say, and {@link Pooling#MEAN} where they say
 *     nothing
 * @param unitLength whether vectors are scaled to length 1
 * @param prefix put before each text, as some models want it ({@code "query: "})
 * @param prompt the name of one of the model's own prompts to put before each text and its prefix
 *     ({@code "query"}); empty for the prefix, or without one for the model's own default
 * @param maxTokens where texts are cut off, special tokens included; 0 for the model's own limit
 * @param batchTokens how many tokens go through the model at once
 * @param threads how many threads one call may use, the caller's own included
 * @param weights how the weights are kept
 */
public record EmbedOptions(
    Optional<Pooling> pooling,
    boolean unitLength,
    String prefix,
    Optional<String> prompt,
    int maxTokens,
    int batchTokens,
    int threads,
    WeightType weights) {
  /**
   * The model's own pooling and limit, unit length, no prefix, and the calling thread only (system
   * property {@code dragoman.threads} for more), since callers usually run on all cores themselves.
   */
  public static EmbedOptions defaults() {
    return new EmbedOptions(
        Optional.empty(),
        true,
        "",
        Optional.empty(),
        0,
        512,
        Math.max(1, Integer.getInteger("dragoman.threads", 1)),
        WeightType.F32);
  }

  /** Checks the numbers. */
  public EmbedOptions {
    if (maxTokens < 0 || batchTokens < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "maxTokens %d, batchTokens %d, threads %d".formatted(maxTokens, batchTokens, threads));
    }
  }

  /** With this pooling. */
  public EmbedOptions withPooling(Pooling value) {
    return new EmbedOptions(
        Optional.of(value), unitLength, prefix, prompt, maxTokens, batchTokens, threads, weights);
  }

  /** With vectors scaled to unit length, or not. */
  public EmbedOptions withUnitLength(boolean value) {
    return new EmbedOptions(
        pooling, value, prefix, prompt, maxTokens, batchTokens, threads, weights);
  }

  /** With this text before each text. */
  public EmbedOptions withPrefix(String value) {
    return new EmbedOptions(
        pooling, unitLength, value, prompt, maxTokens, batchTokens, threads, weights);
  }

  /** With the model's own prompt of this name before each text. */
  public EmbedOptions withPrompt(String name) {
    return new EmbedOptions(
        pooling, unitLength, prefix, Optional.of(name), maxTokens, batchTokens, threads, weights);
  }

  /** With this limit of tokens for each text. */
  public EmbedOptions withMaxTokens(int value) {
    return new EmbedOptions(
        pooling, unitLength, prefix, prompt, value, batchTokens, threads, weights);
  }

  /** With so many tokens at once. */
  public EmbedOptions withBatchTokens(int value) {
    return new EmbedOptions(
        pooling, unitLength, prefix, prompt, maxTokens, value, threads, weights);
  }

  /** With so many threads. */
  public EmbedOptions withThreads(int value) {
    return new EmbedOptions(
        pooling, unitLength, prefix, prompt, maxTokens, batchTokens, value, weights);
  }

  /** With weights kept like this. */
  public EmbedOptions withWeights(WeightType value) {
    return new EmbedOptions(
        pooling, unitLength, prefix, prompt, maxTokens, batchTokens, threads, value);
  }
}
