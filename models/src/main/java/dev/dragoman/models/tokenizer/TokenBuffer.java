package dev.dragoman.models.tokenizer;

import dev.dragoman.models.Tokenizer.Tokens;
import java.util.Arrays;

/** Tokens found so far, up to a limit. */
final class TokenBuffer {
  private final int limit;
  private int[] ids = new int[64];
  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private int size;

  TokenBuffer(int limit) {
    this.limit = limit;
  }

  boolean full() {
    return size >= limit;
  }

  void add(int id, int start, int end) {
    if (size >= limit) {
      return;
    }
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
      starts = Arrays.copyOf(starts, 2 * size);
      ends = Arrays.copyOf(ends, 2 * size);
    }
    ids[size] = id;
    starts[size] = start;
    ends[size++] = end;
  }

  Tokens toTokens() {
    return new Tokens(
        Arrays.copyOf(ids, size), Arrays.copyOf(starts, size), Arrays.copyOf(ends, size));
  }
}
