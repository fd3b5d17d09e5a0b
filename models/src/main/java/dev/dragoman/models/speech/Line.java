package dev.dragoman.models.speech;

import dev.dragoman.models.architecture.Sequence;
import java.util.Arrays;

/** A text of a window as it is being written. */
final class Line {
  private Sequence sequence;
  private int[] tokens;
  private int count;
  private double logProbability;
  private boolean ended;

  /**
   * Nothing yet.
   *
   * @param sequence that has seen what comes before the text
   * @param limit how many tokens there may come to be
   */
  Line(Sequence sequence, int limit) {
    this.sequence = sequence;
    this.tokens = new int[limit];
  }

  Sequence sequence() {
    return sequence;
  }

  int[] tokens() {
    return tokens;
  }

  int count() {
    return count;
  }

  double logProbability() {
    return logProbability;
  }

  boolean ended() {
    return ended || count == tokens.length;
  }

  /** Writes a token; the sequence has not seen it yet. */
  void write(int token, double logProbability) {
    tokens[count++] = token;
    this.logProbability += logProbability;
  }

  /** Ends the text. */
  void end(double logProbability) {
    ended = true;
    this.logProbability += logProbability;
  }

  /** Takes over the text of another line, with a sequence that has seen as much as the other's. */
  void become(int[] written, int length, double logProbabilitySoFar, Sequence own) {
    System.arraycopy(written, 0, tokens, 0, length);
    count = length;
    logProbability = logProbabilitySoFar;
    sequence = own;
  }

  int[] text() {
    return Arrays.copyOf(tokens, count);
  }
}
