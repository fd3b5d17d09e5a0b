package dev.dragoman.models.tokenizer;

import java.util.Arrays;

/** Merges one word after another; scratch of one thread. */
final class BpeMerger {
  /** Longer words keep their pairs in a heap. */
  private static final int SHORT = 24;

  private final Bpe model;
  private final LongHeap heap = new LongHeap();
  private int[] ids = new int[64];
  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private int[] next = new int[64];
  private int[] previous = new int[64];
  private long[] merges = new long[64];
  private int size;
  private Pieces pieces = new Pieces(0);
  private int from;

  BpeMerger(Bpe model) {
    this.model = model;
  }

  /** The first token's place, or -1. */
  int first() {
    return size == 0 ? Bpe.NONE : 0;
  }

  int next(int place) {
    return next[place];
  }

  int id(int place) {
    return ids[place];
  }

  /** The first code point of the word that it covers. */
  int start(int place) {
    return starts[place];
  }

  /** The last. */
  int end(int place) {
    return ends[place];
  }

  void merge(Pieces pieces, int from, int to) {
    begin(pieces, from, to);
    if (size < 2) {
      return;
    }
    if (size <= SHORT) {
      mergeShort();
    } else {
      mergeLong();
    }
  }

  private void begin(Pieces pieces, int from, int to) {
    this.pieces = pieces;
    this.from = from;
    size = 0;
    int unknownSince = Bpe.NONE;
    for (int i = from; i < to; i++) {
      int id = model.start().get(pieces.codePoint(i));
      if (id == Bpe.NONE && model.fallback() != null) {
        bytes(pieces.codePoint(i), i - from, model.fallback());
      } else if (id == Bpe.NONE) {
        if (model.unknown() != Bpe.NONE) {
          if (unknownSince != Bpe.NONE && model.fuseUnknown()) {
            ends[size - 1] = i - from;
          } else {
            add(model.unknown(), i - from);
          }
          unknownSince = i;
        }
        continue;
      } else {
        add(id, i - from);
      }
      unknownSince = Bpe.NONE;
    }
    for (int i = 0; i < size; i++) {
      previous[i] = i - 1;
      next[i] = i + 1 < size ? i + 1 : Bpe.NONE;
    }
  }

  private void bytes(int c, int place, int[] fallback) {
    if (c < 0x80) {
      add(fallback[c], place);
      return;
    }
    if (c < 0x800) {
      add(fallback[0xC0 | c >> 6], place);
    } else {
      if (c < 0x10000) {
        add(fallback[0xE0 | c >> 12], place);
      } else {
        add(fallback[0xF0 | c >> 18], place);
        add(fallback[0x80 | c >> 12 & 0x3F], place);
      }
      add(fallback[0x80 | c >> 6 & 0x3F], place);
    }
    add(fallback[0x80 | c & 0x3F], place);
  }

  private void add(int id, int place) {
    if (size == ids.length) {
      int more = 2 * size;
      ids = Arrays.copyOf(ids, more);
      starts = Arrays.copyOf(starts, more);
      ends = Arrays.copyOf(ends, more);
      next = Arrays.copyOf(next, more);
      previous = Arrays.copyOf(previous, more);
      merges = Arrays.copyOf(merges, more);
    }
    ids[size] = id;
    starts[size] = place;
    ends[size++] = place;
  }

  private long pair(int place) {
    int right = next[place];
    return right == Bpe.NONE
        ? Pairs.NONE
        : model
            .pairs()
            .get(ids[place], ids[right], pieces, from + starts[place], from + ends[right] + 1);
  }

  private void join(int place, int id) {
    int right = next[place];
    ids[place] = id;
    ends[place] = ends[right];
    ids[right] = Bpe.NONE;
    next[place] = next[right];
    if (next[place] != Bpe.NONE) {
      previous[next[place]] = place;
    }
  }

  private void mergeShort() {
    for (int i = 0; i < size; i++) {
      merges[i] = pair(i);
    }
    while (true) {
      int best = Bpe.NONE;
      int rank = Integer.MAX_VALUE;
      for (int i = 0; i != Bpe.NONE; i = next[i]) {
        if (merges[i] != Pairs.NONE && (best == Bpe.NONE || Pairs.rank(merges[i]) < rank)) {
          best = i;
          rank = Pairs.rank(merges[i]);
        }
      }
      if (best == Bpe.NONE) {
        return;
      }
      join(best, Pairs.merged(merges[best]));
      merges[best] = pair(best);
      if (previous[best] != Bpe.NONE) {
        merges[previous[best]] = pair(previous[best]);
      }
    }
  }

  private void mergeLong() {
    heap.clear();
    for (int i = 0; i < size; i++) {
      offer(i);
    }
    while (!heap.isEmpty()) {
      long top = heap.take();
      int place = (int) top;
      long now = ids[place] == Bpe.NONE ? Pairs.NONE : pair(place);
      // A pair that has changed since is in the heap again, by its own rank.
      if (now == Pairs.NONE || Pairs.rank(now) != (int) (top >>> 32)) {
        continue;
      }
      join(place, Pairs.merged(now));
      offer(place);
      if (previous[place] != Bpe.NONE) {
        offer(previous[place]);
      }
    }
  }

  private void offer(int place) {
    long pair = pair(place);
    if (pair != Pairs.NONE) {
      heap.add((long) Pairs.rank(pair) << 32 | place);
    }
  }
}
