package dev.dragoman.models.tokenizer;

/**
 * What text is cut or replaced at: a code point, a string, a class of code points, an expression.
 */
interface Delimiter {
  /** Walks over the matches in one stretch of text, which do not overlap. */
  interface Finder {
    /** Goes to the next match, if there is one. */
    boolean next();

    int start();

    int end();

    /** Starts anew, in another stretch. */
    void reset(Pieces pieces, int from, int to);
  }

  Finder finder();

  /** The matches in {@code pieces[from, to)}. */
  default Finder in(Pieces pieces, int from, int to) {
    Finder finder = finder();
    finder.reset(pieces, from, to);
    return finder;
  }
}
