package dev.dragoman.models.tokenizer;

/** The third step of a tokenizer: a word becomes tokens of the vocabulary. */
interface TokenModel {
  /** Appends the tokens of the word {@code pieces[from, to)}. */
  void tokenize(Pieces pieces, int from, int to, TokenBuffer out);
}
