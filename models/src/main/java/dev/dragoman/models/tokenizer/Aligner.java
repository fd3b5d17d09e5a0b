package dev.dragoman.models.tokenizer;

/**
 * Gives what a normaliser writes its place in the source text, by the rule of the reference
 * implementation (<a
 * href="https://github.com/huggingface/tokenizers/blob/main/tokenizers/src/tokenizer/normalizer.rs">NormalizedString::transform</a>):
 * a code point replaces the next one of the input, and perhaps swallows more after it, or it is new
 * and belongs to the last one taken.
 */
final class Aligner {
  private final Pieces in;
  private final Pieces out;
  private int at;

  /** Starts after so many code points of the input, which are gone. */
  Aligner(Pieces in, Pieces out, int dropped) {
    this.in = in;
    this.out = out;
    this.at = dropped;
  }

  /** Replaces the next code point and swallows so many more. */
  void replace(int codePoint, int more) {
    int from = Math.min(at, in.size() - 1);
    out.add(codePoint, in.start(from), in.end(from));
    at += 1 + more;
  }

  /** Adds one. */
  void insert(int codePoint) {
    int from = Math.min(Math.max(at, 1), in.size()) - 1;
    out.add(codePoint, in.start(from), at < 1 ? in.start(from) : in.end(from));
  }

  /** By the reference's number: 1 is new, 0 replaces, below 0 swallows so many more. */
  void change(int codePoint, int change) {
    if (change > 0) {
      insert(codePoint);
    } else {
      replace(codePoint, -change);
    }
  }
}
