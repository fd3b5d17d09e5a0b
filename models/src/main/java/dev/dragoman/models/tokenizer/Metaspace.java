package dev.dragoman.models.tokenizer;

/**
 * Writes spaces as a visible character, and puts one before a word (<a
 * href="https://github.com/huggingface/tokenizers/blob/main/tokenizers/src/pre_tokenizers/metaspace.rs">reference</a>).
 * Cutting before each is a {@link Split}.
 */
record Metaspace(int replacement, Scheme scheme) implements PreTokenizer {
  /** Which words get one put before them. */
  enum Scheme {
    FIRST,
    NEVER,
    ALWAYS
  }

  @Override
  public Words before(Words words) {
    Pieces scratch = new Pieces(64);
    return (pieces, from, to) -> {
      scratch.clear();
      int first = pieces.codePoint(from);
      boolean marked = first == ' ' || first == replacement;
      if (!marked
          && (scheme == Scheme.ALWAYS || (scheme == Scheme.FIRST && pieces.start(from) == 0))) {
        scratch.add(replacement, pieces.start(from), pieces.end(from));
      }
      int at = scratch.size();
      scratch.append(pieces, from, to);
      for (int i = at; i < scratch.size(); i++) {
        if (scratch.codePoint(i) == ' ') {
          scratch.codePoint(i, replacement);
        }
      }
      return words.word(scratch, 0, scratch.size());
    };
  }
}
