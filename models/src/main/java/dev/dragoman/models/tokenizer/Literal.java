package dev.dragoman.models.tokenizer;

/** Each occurrence of a string. */
record Literal(int[] codePoints) implements Delimiter {
  @Override
  public Finder finder() {
    return new Finder() {
      private Pieces pieces = new Pieces(0);
      private int next;
      private int to;

      @Override
      public void reset(Pieces pieces, int from, int to) {
        this.pieces = pieces;
        this.next = from;
        this.to = to;
      }

      @Override
      public boolean next() {
        for (int i = next; i + codePoints.length <= to; i++) {
          if (here(i)) {
            next = i + codePoints.length;
            return true;
          }
        }
        next = to;
        return false;
      }

      private boolean here(int at) {
        for (int j = 0; j < codePoints.length; j++) {
          if (pieces.codePoint(at + j) != codePoints[j]) {
            return false;
          }
        }
        return true;
      }

      @Override
      public int start() {
        return next - codePoints.length;
      }

      @Override
      public int end() {
        return next;
      }
    };
  }
}
