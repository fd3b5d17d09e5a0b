package dev.dragoman.models.generate;

/**
 * A text that a search has found.
 *
 * @param tokens without the prompt, with the end if there is one
 * @param logProbabilities of each token after those before it
 * @param score what it was ranked by
 * @param finished whether the model ended it; otherwise it was cut off at its longest
 */
public record Hypothesis(int[] tokens, float[] logProbabilities, double score, boolean finished) {
  /** The sum of the logarithms of its tokens' probabilities. */
  public double logProbability() {
    double sum = 0;
    for (float one : logProbabilities) {
      sum += one;
    }
    return sum;
  }

  /** The mean of the logarithms of its tokens' probabilities; 0 if it has none. */
  public double meanLogProbability() {
    return tokens.length == 0 ? 0 : logProbability() / tokens.length;
  }
}
