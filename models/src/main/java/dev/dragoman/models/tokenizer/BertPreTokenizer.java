package dev.dragoman.models.tokenizer;

/** Cuts at white space, and makes each punctuation mark a word of its own. */
record BertPreTokenizer() implements PreTokenizer {
  @Override
  public Words before(Words words) {
    return (pieces, from, to) -> split(pieces, from, to, words);
  }

  private static boolean split(Pieces pieces, int from, int to, Words words) {
    int start = from;
    for (int i = from; i < to; i++) {
      int c = pieces.codePoint(i);
      boolean space = CodePoints.isSpace(c);
      if (!space && !CodePoints.isPunctuation(c)) {
        continue;
      }
      if (start < i && !words.word(pieces, start, i)) {
        return false;
      }
      if (!space && !words.word(pieces, i, i + 1)) {
        return false;
      }
      start = i + 1;
    }
    return start >= to || words.word(pieces, start, to);
  }

  @Override
  public boolean neverInside(char c) {
    return c == ' ' || c == '\n';
  }
}
