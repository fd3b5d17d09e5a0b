package dev.dragoman.models.tokenizer;

/** Puts a space before a word that has none. */
record PrefixSpace() implements PreTokenizer {
  @Override
  public Words before(Words words) {
    Pieces scratch = new Pieces(64);
    return (pieces, from, to) -> {
      if (pieces.codePoint(from) == ' ') {
        return words.word(pieces, from, to);
      }
      scratch.clear();
      scratch.add(' ', pieces.start(from), pieces.end(from));
      scratch.append(pieces, from, to);
      return words.word(scratch, 0, scratch.size());
    };
  }
}
