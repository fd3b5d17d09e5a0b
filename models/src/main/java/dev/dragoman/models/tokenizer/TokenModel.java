package dev.dragoman.models.tokenizer;

/** The third step of a tokenizer: a word becomes tokens of the vocabulary. */
interface TokenModel {
  /**
   * Takes words and adds their tokens; it stops once there are enough. Holds scratch, so one thread
   * may use it.
   */
  PreTokenizer.Words into(TokenBuffer out);
}
