package dev.dragoman.models.tokenizer;

import java.util.function.IntPredicate;

/** Each code point of a class, on its own. */
record ClassOfCodePoints(IntPredicate holds) implements Delimiter {
  @Override
  public Finder finder() {
    return new Each(holds);
  }

  /** Finds them one by one. */
  static final class Each implements Finder {
    private final IntPredicate holds;
    private Pieces pieces = new Pieces(0);
    private int at;
    private int to;

    Each(IntPredicate holds) {
      this.holds = holds;
    }

    @Override
    public void reset(Pieces pieces, int from, int to) {
      this.pieces = pieces;
      this.at = from;
      this.to = to;
    }

    @Override
    public boolean next() {
      while (at < to) {
        if (holds.test(pieces.codePoint(at++))) {
          return true;
        }
      }
      return false;
    }

    @Override
    public int start() {
      return at - 1;
    }

    @Override
    public int end() {
      return at;
    }
  }
}
