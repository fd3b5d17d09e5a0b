package dev.dragoman.models.tokenizer;

/** The second step of a tokenizer: text is cut into words that are tokenized on their own. */
interface PreTokenizer {
  /** What becomes of a word. */
  interface Words {
    /** Takes the word {@code pieces[from, to)}, and says whether it wants more. */
    boolean word(Pieces pieces, int from, int to);
  }

  /**
   * Takes text, and passes the words in it on in order. Holds scratch, so one thread may use it.
   */
  Words before(Words words);

  /**
   * Whether no word ever holds this character, so that text can be cut there and done by halves.
   */
  default boolean neverInside(char c) {
    return false;
  }
}
