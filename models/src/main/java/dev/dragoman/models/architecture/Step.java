package dev.dragoman.models.architecture;

import java.util.Arrays;

/**
 * The next tokens of some sequences, packed one after the other. Steps that prefill some sequences
 * and decode others are as good as any. A growing buffer that is reused.
 */
public final class Step {
  /** Which tokens' states and logits are wanted. */
  public enum Wanted {
    /** None of them: there are more tokens to come before the first is of interest. */
    NONE,
    /** The last one. */
    LAST,
    /** All of them. */
    ALL
  }

  /** The id of a token that came as its embedding. */
  static final int EMBEDDED = -1;

  private int[] ids = new int[64];
  private float[][] embeddings = new float[4][]; // by sequence; empty for those with ids
  private int[] embeddedFrom = new int[4];
  private Sequence[] sequences = new Sequence[4];
  private int[] starts = new int[5];
  private Wanted[] wanted = new Wanted[4];
  private int count;

  /** An empty step. */
  public Step() {}

  /** Empties it. */
  public void clear() {
    Arrays.fill(sequences, 0, count, null);
    count = 0;
  }

  /** One token more, with its logits. */
  public void add(Sequence sequence, int id) {
    room(sequence, 1);
    ids[starts[count]] = id;
    append(sequence, 1, Wanted.LAST);
  }

  /**
   * Some tokens more.
   *
   * @param from the first one's index in {@code tokens}
   * @param length how many, at least 1
   * @throws IllegalArgumentException if they are more than the sequence may have, or it has already
   *     been added
   */
  public void add(Sequence sequence, int[] tokens, int from, int length, Wanted which) {
    room(sequence, length);
    System.arraycopy(tokens, from, ids, starts[count], length);
    append(sequence, length, which);
  }

  /**
   * Some tokens more, as embeddings in place of ids: what another model has made of a picture, say.
   * The model's own scale of embeddings is not applied to them; learned positions are added.
   *
   * @param rows [rows, width of the decoder], not copied: they must stay as they are until the run
   * @param from the index of the first row
   * @param length how many, at least 1
   */
  public void add(Sequence sequence, float[] rows, int from, int length, Wanted which) {
    room(sequence, length);
    Arrays.fill(ids, starts[count], starts[count] + length, EMBEDDED);
    embeddings[count] = rows;
    embeddedFrom[count] = from;
    append(sequence, length, which);
  }

  private void room(Sequence sequence, int length) {
    if (length < 1 || length > sequence.limit() - sequence.length()) {
      throw new IllegalArgumentException(
          "%d tokens cannot be added to %d of a sequence that may have %d"
              .formatted(length, sequence.length(), sequence.limit()));
    }
    for (int i = 0; i < count; i++) {
      if (sequences[i] == sequence) {
        throw new IllegalArgumentException("a sequence can be in a step only once");
      }
    }
    if (count == sequences.length) {
      sequences = Arrays.copyOf(sequences, 2 * count);
      starts = Arrays.copyOf(starts, 2 * count + 1);
      wanted = Arrays.copyOf(wanted, 2 * count);
      embeddings = Arrays.copyOf(embeddings, 2 * count);
      embeddedFrom = Arrays.copyOf(embeddedFrom, 2 * count);
    }
    int end = Math.addExact(starts[count], length);
    if (end > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(end, 2 * ids.length));
    }
  }

  private void append(Sequence sequence, int length, Wanted which) {
    sequences[count] = sequence;
    wanted[count] = which;
    starts[count + 1] = starts[count] + length;
    count++;
  }

  /** How many sequences there are. */
  public int sequences() {
    return count;
  }

  /** How many tokens there are in all. */
  public int tokens() {
    return starts[count];
  }

  /** How many tokens' states and logits are wanted in all. */
  public int wanted() {
    int rows = 0;
    for (int i = 0; i < count; i++) {
      rows += end(i) - firstWanted(i);
    }
    return rows;
  }

  Sequence sequence(int index) {
    return sequences[index];
  }

  int start(int index) {
    return starts[index];
  }

  int end(int index) {
    return starts[index + 1];
  }

  /** The first token of a sequence that is wanted; all that follow it are too. */
  int firstWanted(int index) {
    return switch (wanted[index]) {
      case NONE -> end(index);
      case LAST -> end(index) - 1;
      case ALL -> start(index);
    };
  }

  int id(int token) {
    return ids[token];
  }

  /** Checks that a token's embedding is there. */
  void check(int token, int width) {
    int index = sequenceOf(token);
    long row = (long) embeddedFrom[index] + token - starts[index];
    if (row < 0 || (row + 1) * width > embeddings[index].length) {
      throw new IllegalArgumentException(
          "there is no row %d of width %d in %d numbers"
              .formatted(row, width, embeddings[index].length));
    }
  }

  /** Reads a token's embedding. */
  void read(int token, float[] into, int at, int width) {
    int index = sequenceOf(token);
    int row = embeddedFrom[index] + token - starts[index];
    System.arraycopy(embeddings[index], row * width, into, at, width);
  }

  private int sequenceOf(int token) {
    int found = Arrays.binarySearch(starts, 0, count, token);
    return found >= 0 ? found : -found - 2;
  }
}
