package dev.dragoman.models;

/**
 * Makes text of tokens that come one by one. Never gives half a character; all it gives, put
 * together, is what {@link Tokenizer#decode} gives for all tokens at once. For one thread.
 */
public interface TokenStream {
  /** Takes a token, and gives the text that is certain now: often that of the token, or none. */
  String next(int id);

  /** Gives what is left. To be called once, after the last token. */
  String finish();
}
