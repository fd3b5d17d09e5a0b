package dev.dragoman.models.tokenizer;

/**
 * A step of making text of tokens. Tokens come in pieces, as soon as there is anything to say of
 * them, so that text can be shown while it is being made.
 */
interface DecodeStep {
  /** Takes what a step gives. */
  interface Sink {
    /** A piece of the token that is being written. */
    void text(CharSequence piece);

    /** The token is complete. */
    void endToken();

    /** There are no more tokens. */
    void end();
  }

  /** A sink that does this step's work, then gives to the next. */
  Sink before(Sink next);
}
