package dev.dragoman.models.tokenizer;

import java.util.Arrays;

/** Cuts one word after another; scratch of one thread. */
final class UnigramSearch {
  /** Takes a token: its id, its first and its last code point. */
  interface Taker {
    void token(int id, int first, int last);
  }

  private static final int NONE = -1;

  private final Unigram model;
  private double[] best = new double[65];
  private int[] starts = new int[65];
  private int[] ids = new int[65];
  private int[] path = new int[64];
  private int[] spans = new int[192];
  private int spanCount;
  private int from;
  private int steps;
  private Pieces pieces = new Pieces(0);

  UnigramSearch(Unigram model) {
    this.model = model;
  }

  /** Finds the best way to cut {@code pieces[from, to)}. */
  void run(Pieces pieces, int from, int to) {
    this.pieces = pieces;
    this.from = from;
    int length = to - from;
    if (length + 1 > best.length) {
      int room = Math.max(length + 1, 2 * best.length);
      best = new double[room];
      starts = new int[room];
      ids = new int[room];
      path = new int[room];
    }
    Arrays.fill(starts, 0, length + 1, NONE);
    best[0] = 0;
    for (int at = 0; at < length; at++) {
      boolean single = false;
      int node = Trie.ROOT;
      for (int i = at; i < length; i++) {
        node = model.trie().next(node, pieces.codePoint(from + i));
        if (node == Trie.NONE) {
          break;
        }
        int id = model.trie().value(node);
        if (id != Trie.NONE) {
          offer(at, i + 1, id, model.scores()[id] + best[at]);
          single |= i == at;
        }
      }
      if (!single) {
        offer(at, at + 1, model.unknown(), model.unknownScore() + best[at]);
      }
    }
    steps = 0;
    for (int end = length; end > 0; end = starts[end]) {
      path[steps++] = end;
    }
  }

  private void offer(int start, int end, int id, double sum) {
    double score = model.exact() ? (float) sum : sum;
    if (starts[end] == NONE || score > best[end]) {
      best[end] = score;
      starts[end] = start;
      ids[end] = id;
    }
  }

  /** Offers the tokens in order; unknown ones that are neighbours are one. */
  void each(Taker taker) {
    for (int i = steps - 1; i >= 0; i--) {
      int end = path[i];
      int start = starts[end];
      int id = ids[end];
      if (id == model.unknown()) {
        while (i > 0 && ids[path[i - 1]] == id) {
          end = path[--i];
        }
        if (model.fallback() != null) {
          bytes(model.fallback(), from + start, from + end, taker);
          continue;
        }
      }
      taker.token(id, from + start, from + end - 1);
    }
  }

  private void bytes(int[] fallback, int start, int end, Taker taker) {
    Pieces written = new Pieces();
    ByteLevel.write(pieces, start, end, written);
    for (int i = 0; i < written.size(); i++) {
      int id = fallback[ByteLevel.byteOf(written.codePoint(i))];
      taker.token(id, start, end - 1);
    }
  }

  /** The tokens of a word, to be kept. */
  WordCache.Entry entry(Pieces pieces, int from, int to, long hash) {
    run(pieces, from, to);
    spanCount = 0;
    each((id, first, last) -> {
      if (spanCount + 3 > spans.length) {
        spans = Arrays.copyOf(spans, 2 * spans.length);
      }
      spans[spanCount++] = id;
      spans[spanCount++] = first - from;
      spans[spanCount++] = last - from;
    });
    int[] word = new int[to - from];
    for (int i = 0; i < word.length; i++) {
      word[i] = pieces.codePoint(from + i);
    }
    return new WordCache.Entry(hash, word, Arrays.copyOf(spans, spanCount));
  }
}
