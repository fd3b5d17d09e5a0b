package dev.dragoman.models.tokenizer;

/** Puts one thing for each match; its place is that of the last code point of the match. */
record Replace(Delimiter pattern, int[] content) implements Normalizer {
  @Override
  public void normalize(Pieces in, Pieces out) {
    if (pattern instanceof OneCodePoint(int wanted) && content.length == 1) {
      out.append(in, 0, in.size());
      for (int i = 0; i < out.size(); i++) {
        if (out.codePoint(i) == wanted) {
          out.codePoint(i, content[0]);
        }
      }
      return;
    }
    Delimiter.Finder finder = pattern.in(in, 0, in.size());
    int plain = 0;
    while (finder.next()) {
      out.append(in, plain, finder.start());
      plain = finder.end();
      for (int c : content) {
        int last = Math.max(plain, 1) - 1;
        out.add(c, in.start(last), in.end(last));
      }
    }
    out.append(in, plain, in.size());
  }
}
