package dev.dragoman.models.generate;

import java.util.List;

/**
 * A text that a model has generated.
 *
 * @param text without special tokens, and without the stop string
 * @param ids all tokens that were taken, those of a stop string or an end token included
 * @param scores one for each token, if they were asked for
 * @param promptTokens how many tokens the prompt has
 * @param reusedTokens how many of them were there from an earlier prompt
 * @param draftedTokens how many of the tokens were drafted right
 * @param prefillSeconds from when the model began with it to the first token
 * @param decodeSeconds from the first token to the last
 */
public record Generated(
    String text,
    int[] ids,
    Finish finish,
    List<TokenScores> scores,
    int promptTokens,
    int reusedTokens,
    int draftedTokens,
    double prefillSeconds,
    double decodeSeconds) {
  /**
   * The natural logarithm of the model's own probability of a token.
   *
   * @param top the most probable tokens, the first one first
   */
  public record TokenScores(int id, double logProbability, List<Candidate> top) {}

  /** A token that might have come. */
  public record Candidate(int id, double logProbability) {}
}
