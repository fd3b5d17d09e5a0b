package dev.dragoman.models.tokenizer;

/** Cuts at white space, and makes each punctuation mark a word of its own. */
record BertPreTokenizer() implements PreTokenizer {
  @Override
  public void split(Pieces pieces, Words words) {
    int start = 0;
    for (int i = 0; i < pieces.size(); i++) {
      int c = pieces.codePoint(i);
      boolean space = CodePoints.isSpace(c);
      if (!space && !CodePoints.isPunctuation(c)) {
        continue;
      }
      if (start < i && !words.word(pieces, start, i)) {
        return;
      }
      if (!space && !words.word(pieces, i, i + 1)) {
        return;
      }
      start = i + 1;
    }
    if (start < pieces.size()) {
      words.word(pieces, start, pieces.size());
    }
  }

  @Override
  public boolean neverInside(char c) {
    return c == ' ' || c == '\n';
  }
}
