package dev.dragoman.models.generate;

import dev.dragoman.models.kernel.CacheType;

/**
 * How a generator shares a model out.
 *
 * @param context how many tokens a prompt and its answer may have together; 0 for as many as the
 *     model says
 * @param atOnce how many texts are generated together; more wait
 * @param stepTokens how many tokens of prompts one step takes at most, so that long prompts do not
 *     hold up the texts that are under way
 * @param keptTokens how many tokens' keys and values are kept of texts that are done, for prompts
 *     that begin like them
 * @param cache how keys and values are held
 */
public record GeneratorOptions(
    int context, int atOnce, int stepTokens, int keptTokens, CacheType cache) {
  /** Checks the numbers. */
  public GeneratorOptions {
    if (context < 0 || atOnce < 1 || stepTokens < 1 || keptTokens < 0) {
      throw new IllegalArgumentException(
          "context %d, atOnce %d, stepTokens %d, keptTokens %d"
              .formatted(context, atOnce, stepTokens, keptTokens));
    }
  }

  /** The model's own context, 16 texts at once, 512 tokens a step, 2048 tokens kept, in singles. */
  public static GeneratorOptions defaults() {
    return new GeneratorOptions(0, 16, 512, 2048);
  }

  /** With keys and values in singles. */
  public GeneratorOptions(int context, int atOnce, int stepTokens, int keptTokens) {
    this(context, atOnce, stepTokens, keptTokens, CacheType.F32);
  }

  /** With keys and values held in this way. */
  public GeneratorOptions withCache(CacheType value) {
    return new GeneratorOptions(context, atOnce, stepTokens, keptTokens, value);
  }
}
