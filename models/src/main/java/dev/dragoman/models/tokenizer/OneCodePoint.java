package dev.dragoman.models.tokenizer;

/** Each of these code points. */
record OneCodePoint(int codePoint) implements Delimiter {
  @Override
  public Finder finder() {
    return new ClassOfCodePoints.Each(c -> c == codePoint);
  }
}
