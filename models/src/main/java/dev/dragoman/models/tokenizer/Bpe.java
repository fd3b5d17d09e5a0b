package dev.dragoman.models.tokenizer;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Byte-pair encoding: a word starts as its code points, and again and again the pair of neighbours
 * that was learnt first becomes one token (<a
 * href="https://github.com/huggingface/tokenizers/blob/main/tokenizers/src/models/bpe/model.rs">reference</a>).
 *
 * @param start the tokens of single code points
 * @param pairs what becomes one
 * @param fallback the tokens of the 256 bytes, for code points that have no token; or null
 * @param unknown the token for what has none at all, or {@link #SILENT}, or -1: it is dropped
 * @param fuseUnknown neighbours that are unknown are one token
 * @param whole words that are tokens as they are, or null
 * @param cuts where long words may be done by halves
 * @param cache words seen before
 */
record Bpe(
    Start start,
    Pairs pairs,
    int @Nullable [] fallback,
    int unknown,
    boolean fuseUnknown,
    @Nullable WordTable whole,
    @Nullable Cuts cuts,
    WordCache cache)
    implements TokenModel {
  static final int NONE = -1;

  /** An unknown code point that becomes nothing, but keeps its neighbours apart. */
  static final int SILENT = -2;

  /** Tokens of single code points. */
  static final class Start {
    private final int[] low = new int[0x3000];
    private final Trie high = new Trie();

    Start() {
      Arrays.fill(low, NONE);
    }

    void put(int codePoint, int id) {
      if (codePoint < low.length) {
        low[codePoint] = id;
      } else {
        high.put(Character.toString(codePoint), id);
      }
    }

    int get(int codePoint) {
      if (codePoint < low.length) {
        return low[codePoint];
      }
      int node = high.next(Trie.ROOT, codePoint);
      return node == Trie.NONE ? NONE : high.value(node);
    }
  }

  /**
   * No pair ever joins this mark to one of the other code points before it, so that a word may be
   * cut there.
   *
   * @param mark what words begin with
   * @param never the code points it is joined to nevertheless
   */
  record Cuts(int mark, BitSet never) {
    boolean between(int before, int after) {
      return after == mark && before != mark && !never.get(before);
    }
  }

  @Override
  public PreTokenizer.Words into(TokenBuffer out) {
    BpeMerger merger = new BpeMerger(this);
    return (pieces, from, to) -> {
      if (cuts != null && to - from > 1) {
        int begin = from;
        for (int i = from + 1; i < to && !out.full(); i++) {
          if (cuts.between(pieces.codePoint(i - 1), pieces.codePoint(i))) {
            word(merger, pieces, begin, i, out);
            begin = i;
          }
        }
        word(merger, pieces, begin, to, out);
      } else {
        word(merger, pieces, from, to, out);
      }
      return !out.full();
    };
  }

  private void word(BpeMerger merger, Pieces pieces, int from, int to, TokenBuffer out) {
    int length = to - from;
    long hash = WordTable.hash(pieces, from, to);
    if (length <= WordCache.LONGEST) {
      WordCache.Entry entry = cache.get(pieces, from, to, hash);
      if (entry == null) {
        entry = merge(merger, pieces, from, to, hash);
        cache.put(entry);
      }
      int[] spans = entry.spans();
      for (int i = 0; i < spans.length; i += 3) {
        out.add(spans[i], pieces.start(from + spans[i + 1]), pieces.end(from + spans[i + 2]));
      }
      return;
    }
    int id = whole == null ? NONE : whole.get(pieces, from, to, hash);
    if (id != NONE) {
      out.add(id, pieces.start(from), pieces.end(to - 1));
      return;
    }
    merger.merge(pieces, from, to);
    for (int i = merger.first(); i != NONE; i = merger.next(i)) {
      if (merger.id(i) != SILENT) {
        out.add(
            merger.id(i), pieces.start(from + merger.start(i)), pieces.end(from + merger.end(i)));
      }
    }
  }

  private WordCache.Entry merge(BpeMerger merger, Pieces pieces, int from, int to, long hash) {
    int[] word = new int[to - from];
    for (int i = 0; i < word.length; i++) {
      word[i] = pieces.codePoint(from + i);
    }
    int id = whole == null ? NONE : whole.get(pieces, from, to, hash);
    if (id != NONE) {
      return new WordCache.Entry(hash, word, new int[] {id, 0, word.length - 1});
    }
    merger.merge(pieces, from, to);
    int count = 0;
    for (int i = merger.first(); i != NONE; i = merger.next(i)) {
      count += merger.id(i) == SILENT ? 0 : 1;
    }
    int[] spans = new int[3 * count];
    int at = 0;
    for (int i = merger.first(); i != NONE; i = merger.next(i)) {
      if (merger.id(i) != SILENT) {
        spans[at++] = merger.id(i);
        spans[at++] = merger.start(i);
        spans[at++] = merger.end(i);
      }
    }
    return new WordCache.Entry(hash, word, spans);
  }
}
