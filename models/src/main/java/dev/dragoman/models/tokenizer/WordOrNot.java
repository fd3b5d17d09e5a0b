package dev.dragoman.models.tokenizer;

/** Runs of word characters, and runs of what is neither that nor white space. */
record WordOrNot() implements Delimiter {
  @Override
  public Finder finder() {
    return new Finder() {
      private Pieces pieces = new Pieces(0);
      private int start;
      private int end;
      private int to;

      @Override
      public void reset(Pieces pieces, int from, int to) {
        this.pieces = pieces;
        this.end = from;
        this.to = to;
      }

      @Override
      public boolean next() {
        start = end;
        while (start < to && kind(start) == 0) {
          start++;
        }
        end = start;
        while (end < to && kind(end) == kind(start)) {
          end++;
        }
        return start < end;
      }

      private int kind(int at) {
        int c = pieces.codePoint(at);
        return CodePoints.isWord(c) ? 1 : CodePoints.isSpace(c) ? 0 : 2;
      }

      @Override
      public int start() {
        return start;
      }

      @Override
      public int end() {
        return end;
      }
    };
  }
}
