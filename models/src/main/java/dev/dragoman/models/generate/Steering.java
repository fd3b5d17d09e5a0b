package dev.dragoman.models.generate;

/** Has a say in which token comes next. */
@FunctionalInterface
public interface Steering {
  /** Has none. */
  Steering NONE = (tokens, count, scores, at, vocabulary) -> {};

  /**
   * Changes the scores of the tokens that may come next: {@link Float#NEGATIVE_INFINITY} for those
   * that must not. At least one must stay finite.
   *
   * @param tokens that were chosen so far, the prompt not among them
   * @param count how many of them there are
   * @param scores logits: logarithms of probabilities but for one constant
   * @param at where those of this text begin
   * @param vocabulary how many they are
   */
  void steer(int[] tokens, int count, float[] scores, int at, int vocabulary);
}
