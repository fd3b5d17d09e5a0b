package dev.dragoman.models.tokenizer;

/** Puts something before a text that is not empty; its place is that of the first code point. */
record Prepend(int[] codePoints) implements Normalizer {
  @Override
  public void normalize(Pieces in, Pieces out) {
    if (in.size() > 0) {
      for (int c : codePoints) {
        out.add(c, in.start(0), in.end(0));
      }
      out.append(in, 0, in.size());
    }
  }
}
