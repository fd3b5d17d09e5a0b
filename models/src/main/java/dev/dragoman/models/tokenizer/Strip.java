package dev.dragoman.models.tokenizer;

/** Drops white space at the ends of a text. */
record Strip(boolean left, boolean right) implements Normalizer {
  @Override
  public void normalize(Pieces in, Pieces out) {
    int from = 0;
    int to = in.size();
    while (left && from < to && CodePoints.isSpace(in.codePoint(from))) {
      from++;
    }
    while (right && to > from && CodePoints.isSpace(in.codePoint(to - 1))) {
      to--;
    }
    out.append(in, from, to);
  }
}
