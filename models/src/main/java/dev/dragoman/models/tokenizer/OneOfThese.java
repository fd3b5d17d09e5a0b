package dev.dragoman.models.tokenizer;

/** Strings, the longest of those that begin at a place. */
record OneOfThese(Trie strings) implements Delimiter {
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
        for (start = end; start < to; start++) {
          int node = Trie.ROOT;
          for (int i = start; i < to && node != Trie.NONE; i++) {
            node = strings.next(node, pieces.codePoint(i));
            if (node != Trie.NONE && strings.value(node) != Trie.NONE) {
              end = i + 1;
            }
          }
          if (end > start) {
            return true;
          }
          end = start + 1;
        }
        return false;
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
