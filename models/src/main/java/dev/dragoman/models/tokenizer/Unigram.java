package dev.dragoman.models.tokenizer;

import org.jspecify.annotations.Nullable;

/**
 * Unigram: of all ways to cut a word into tokens the one with the greatest sum of scores (<a
 * href="https://github.com/google/sentencepiece/blob/master/src/unigram_model.cc">reference:
 * EncodeOptimized</a>).
 *
 * @param trie the tokens' ids
 * @param scores by id
 * @param unknown the token for a code point that no other covers
 * @param unknownScore its score
 * @param fallback the tokens of the 256 bytes, instead of the unknown token; or null
 * @param exact sums as SentencePiece has them, in single precision; else as Hugging Face tokenizers
 *     has them
 * @param cache words seen before
 */
record Unigram(
    Trie trie,
    double[] scores,
    int unknown,
    double unknownScore,
    int @Nullable [] fallback,
    boolean exact,
    WordCache cache)
    implements TokenModel {
  /** What an unknown code point costs more than the worst token. */
  static final double UNKNOWN_PENALTY = 10;

  @Override
  public PreTokenizer.Words into(TokenBuffer out) {
    UnigramSearch search = new UnigramSearch(this);
    return (pieces, from, to) -> {
      if (to - from > WordCache.LONGEST) {
        search.run(pieces, from, to);
        search.each((id, start, end) -> out.add(id, pieces.start(start), pieces.end(end)));
        return !out.full();
      }
      long hash = WordTable.hash(pieces, from, to);
      WordCache.Entry entry = cache.get(pieces, from, to, hash);
      if (entry == null) {
        entry = search.entry(pieces, from, to, hash);
        cache.put(entry);
      }
      int[] spans = entry.spans();
      for (int i = 0; i < spans.length; i += 3) {
        out.add(spans[i], pieces.start(from + spans[i + 1]), pieces.end(from + spans[i + 2]));
      }
      return !out.full();
    };
  }
}
