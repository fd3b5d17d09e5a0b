package dev.dragoman.models;

/**
 * How texts are translated.
 *
 * @param from the language they are in; empty if the model knows but one or finds it out
 * @param to the language wanted; empty if the model knows but one
 * @param beams how many translations are followed at once; 1 is greedy, 0 for the model's own
 * @param lengthPenalty the exponent of the length that scores are divided by to choose the best;
 *     NaN for the model's own
 * @param maxTokens of a translation; 0 for what the model's own files say
 * @param best how many translations of each source are wanted, at most {@code beams}
 * @param aligned whether each token of a translation says which token of the source it is from
 * @param batchTokens how many tokens of sources go through the model at once
 */
public record TranslateOptions(
    String from,
    String to,
    int beams,
    double lengthPenalty,
    int maxTokens,
    int best,
    boolean aligned,
    int batchTokens) {
  /** Checks the numbers. */
  public TranslateOptions {
    if (beams < 0 || best < 1 || best > Math.max(1, beams) || maxTokens < 0 || batchTokens < 1) {
      throw new IllegalArgumentException(
          "beams %d, best %d, maxTokens %d, batchTokens %d"
              .formatted(beams, best, maxTokens, batchTokens));
    }
  }

  /** The model's own way, between these languages. */
  public static TranslateOptions of(String from, String to) {
    return new TranslateOptions(from, to, 0, Double.NaN, 0, 1, false, 4096);
  }

  /** The same with so many beams. */
  public TranslateOptions withBeams(int wanted) {
    return new TranslateOptions(
        from, to, wanted, lengthPenalty, maxTokens, best, aligned, batchTokens);
  }

  /** The same with so many translations of each source. */
  public TranslateOptions withBest(int wanted) {
    return new TranslateOptions(
        from, to, beams, lengthPenalty, maxTokens, wanted, aligned, batchTokens);
  }

  /** The same with at most so many tokens in a translation. */
  public TranslateOptions withMaxTokens(int wanted) {
    return new TranslateOptions(from, to, beams, lengthPenalty, wanted, best, aligned, batchTokens);
  }

  /** The same, saying where each token is from. */
  public TranslateOptions withAlignment() {
    return new TranslateOptions(from, to, beams, lengthPenalty, maxTokens, best, true, batchTokens);
  }
}
