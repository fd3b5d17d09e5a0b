package dev.dragoman.models.tokenizer;

/** Makes lower case, code point by code point. */
record Lowercase() implements Normalizer {
  @Override
  public void normalize(Pieces in, Pieces out) {
    Aligner aligner = new Aligner(in, out, 0);
    for (int i = 0; i < in.size(); i++) {
      int c = in.codePoint(i);
      if (c == 'İ') {
        aligner.replace('i', 0);
        aligner.insert('\u0307');
      } else {
        aligner.replace(CodePoints.lower(c), 0);
      }
    }
  }

  @Override
  public boolean lowercases() {
    return true;
  }

  @Override
  public boolean local() {
    return true;
  }
}
