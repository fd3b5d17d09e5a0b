package dev.dragoman.models.tokenizer;

/** Drops marks. */
record StripAccents() implements Normalizer {
  @Override
  public void normalize(Pieces in, Pieces out) {
    for (int i = 0; i < in.size(); i++) {
      if (!CodePoints.isCombining(in.codePoint(i))) {
        out.add(in.codePoint(i), in.start(i), in.end(i));
      }
    }
  }

  @Override
  public boolean local() {
    return true;
  }
}
