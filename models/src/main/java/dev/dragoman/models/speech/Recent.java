package dev.dragoman.models.speech;

import java.util.Arrays;

/** The last tokens of a text: what the next window is shown of it. */
final class Recent {
  private final int[] tokens;
  private int count;

  /** At most so many. */
  Recent(int limit) {
    tokens = new int[Math.max(0, limit)];
  }

  void add(int[] more) {
    int kept = Math.min(count, Math.max(0, tokens.length - more.length));
    System.arraycopy(tokens, count - kept, tokens, 0, kept);
    int added = Math.min(more.length, tokens.length);
    System.arraycopy(more, more.length - added, tokens, kept, added);
    count = kept + added;
  }

  void forget() {
    count = 0;
  }

  int[] tokens() {
    return Arrays.copyOf(tokens, count);
  }
}
