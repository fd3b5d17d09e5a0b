package dev.dragoman.models;

import java.util.List;

/**
 * One translation of a source.
 *
 * @param score the mean of the log-probabilities of its tokens, the end included: 0 at best
 * @param sourceTokens tokens of the source, those that the model adds included
 * @param targetTokens tokens of the translation, its end included
 * @param pieces the tokens with their places; empty unless {@link TranslateOptions#aligned}
 * @param finished whether the model ended it; otherwise it was cut off at its longest
 */
public record Translation(
    String text,
    double score,
    int sourceTokens,
    int targetTokens,
    List<Piece> pieces,
    boolean finished) {
  /**
   * A token of a translation.
   *
   * @param start its first UTF-16 unit in the translation
   * @param end after its last one
   * @param sourceStart the first UTF-16 unit in the source of the token it looked at most
   * @param sourceEnd after the last one
   * @param logProbability of the token after those before it
   */
  public record Piece(int start, int end, int sourceStart, int sourceEnd, double logProbability) {}
}
