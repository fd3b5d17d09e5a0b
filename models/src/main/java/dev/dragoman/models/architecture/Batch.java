package dev.dragoman.models.architecture;

import java.util.Arrays;

/**
 * Sequences of tokens packed one after the other with no padding between them: a ragged batch. A
 * growing buffer that is reused.
 */
public final class Batch {
  private int[] ids = new int[256];
  private int[] types = new int[256];
  private int[] starts = new int[16];
  private int sequences;

  /** An empty batch. */
  public Batch() {}

  /** Empties it. */
  public void clear() {
    sequences = 0;
  }

  /** Appends a sequence whose tokens are all of type 0. */
  public void add(int[] sequence) {
    add(sequence, 0);
  }

  /** Appends a sequence whose tokens are of type 1 from this position on, as in a pair of texts. */
  public void addPair(int[] sequence, int second) {
    int start = tokens();
    add(sequence, 0);
    Arrays.fill(types, start + second, start + sequence.length, 1);
  }

  /** Appends a sequence whose tokens are of these types. */
  public void add(int[] sequence, int[] typeOfEach) {
    int start = tokens();
    add(sequence, 0);
    System.arraycopy(typeOfEach, 0, types, start, sequence.length);
  }

  private void add(int[] sequence, int type) {
    int start = tokens();
    int end = start + sequence.length;
    if (end > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(end, 2 * ids.length));
      types = Arrays.copyOf(types, ids.length);
    }
    if (sequences + 1 == starts.length) {
      starts = Arrays.copyOf(starts, 2 * starts.length);
    }
    System.arraycopy(sequence, 0, ids, start, sequence.length);
    Arrays.fill(types, start, end, type);
    starts[++sequences] = end;
  }

  /** How many sequences there are. */
  public int sequences() {
    return sequences;
  }

  /** How many tokens all sequences have together. */
  public int tokens() {
    return starts[sequences];
  }

  /** Where a sequence starts; with the number of sequences, where the last one ends. */
  public int start(int sequence) {
    return starts[sequence];
  }

  /** The length of the longest sequence. */
  public int longest() {
    int longest = 0;
    for (int i = 0; i < sequences; i++) {
      longest = Math.max(longest, starts[i + 1] - starts[i]);
    }
    return longest;
  }

  int id(int token) {
    return ids[token];
  }

  int type(int token) {
    return types[token];
  }
}
