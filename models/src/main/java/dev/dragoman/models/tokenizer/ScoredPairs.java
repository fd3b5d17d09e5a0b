package dev.dragoman.models.tokenizer;

import java.util.BitSet;

/**
 * SentencePiece's pairs: two neighbours become one if their text is a token, that of the best score
 * first (<a
 * href="https://github.com/google/sentencepiece/blob/master/src/bpe_model.cc">reference</a>).
 *
 * @param tokens the tokens by their text
 * @param scores by id
 * @param bytes the tokens that stand for bytes
 */
record ScoredPairs(WordTable tokens, float[] scores, BitSet bytes) implements Pairs {
  @Override
  public long get(int left, int right, Pieces pieces, int from, int to) {
    if (bytes.get(left) || bytes.get(right)) {
      return NONE;
    }
    int id = tokens.get(pieces, from, to);
    return id == WordTable.NONE ? NONE : (long) rank(scores[id]) << 32 | id;
  }

  /** Numbers in the order of falling scores. */
  private static int rank(float score) {
    int bits = Float.floatToIntBits(score + 0.0f);
    return ~(bits ^ bits >> 31 & Integer.MAX_VALUE);
  }
}
