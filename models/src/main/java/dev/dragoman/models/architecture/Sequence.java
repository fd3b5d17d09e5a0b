package dev.dragoman.models.architecture;

import dev.dragoman.models.kernel.CacheShape;
import dev.dragoman.models.kernel.CacheType;
import dev.dragoman.models.kernel.KeyValues;
import java.util.Arrays;
import java.util.List;

/**
 * The keys and values of the tokens that a decoder has seen of one sequence, in pages of {@link
 * CacheShape#PAGE} positions that come as the sequence grows and stay for the next one when it is
 * truncated. For one thread at a time.
 */
public final class Sequence {
  private final Decoder owner;
  private final Adapter adapter;
  private final CacheType type;
  private final KeyValues[] layers;
  private final int limit;
  private final float[][] frequencies; // [ropes][rotary / 2]
  private Memory memory;
  private int length;
  private int reserved;

  Sequence(
      Decoder owner,
      Adapter adapter,
      CacheType type,
      KeyValues[] layers,
      int limit,
      List<RotaryEmbedding> ropes,
      Memory memory) {
    this.owner = owner;
    this.adapter = adapter;
    this.type = type;
    this.layers = layers;
    this.limit = limit;
    this.memory = memory;
    this.frequencies = new float[ropes.size()][];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = ropes.get(i).frequencies(limit);
    }
  }

  /** How many tokens it has. */
  public int length() {
    return length;
  }

  /** What is added to the model for it. */
  public Adapter adapter() {
    return adapter;
  }

  /** What it looks at besides its own text. */
  public Memory memory() {
    return memory;
  }

  /** Forgets all tokens, and what it looked at for something else. No memory is given back. */
  public void restart(Memory other) {
    memory = other;
    length = 0;
  }

  /** How many tokens it may come to have. */
  public int limit() {
    return limit;
  }

  /** How many bytes of keys and values there is room for at the moment. */
  public long bytes() {
    long bytes = 0;
    for (KeyValues layer : layers) {
      bytes += reserved * layer.pageBytes();
    }
    return bytes;
  }

  /**
   * Forgets all but the first tokens. No memory is given back.
   *
   * @param tokens at most {@link #length}
   */
  public void truncate(int tokens) {
    if (tokens < 0 || tokens > length) {
      throw new IllegalArgumentException("cannot keep %d of %d tokens".formatted(tokens, length));
    }
    length = tokens;
  }

  /**
   * Whether tokens of another sequence mean the same here: it is of the same decoder, adapter and
   * memory, holds keys and values in the same way, and its limit makes no difference to positions.
   */
  public boolean canCopy(Sequence other) {
    return other.owner == owner
        && other.adapter == adapter
        && other.memory == memory
        && other.type == type
        && Arrays.deepEquals(other.frequencies, frequencies);
  }

  /**
   * Starts over with the first tokens of another sequence, as if they had been run again.
   *
   * @param tokens at most the other's length and the own limit
   * @throws IllegalArgumentException if there are not so many, or {@link #canCopy} says no
   */
  public void copy(Sequence other, int tokens) {
    if (!canCopy(other) || tokens < 0 || tokens > Math.min(other.length, limit)) {
      throw new IllegalArgumentException(
          "%d tokens of a sequence of %d with limit %d cannot go into one with limit %d"
              .formatted(tokens, other.length, other.limit, limit));
    }
    length = 0;
    reserve(tokens);
    for (int layer = 0; layer < layers.length; layer++) {
      layers[layer].copy(other.layers[layer], CacheShape.pages(tokens));
    }
    length = tokens;
  }

  /** Makes room for so many more tokens than it has. */
  void reserve(int tokens) {
    int wanted = CacheShape.pages(length + tokens);
    if (wanted > reserved) {
      for (KeyValues layer : layers) {
        layer.reserve(reserved, wanted);
      }
      reserved = wanted;
    }
  }

  void grow(int tokens) {
    length += tokens;
  }

  boolean belongsTo(Decoder decoder) {
    return owner == decoder;
  }

  KeyValues cache(int layer) {
    return layers[layer];
  }

  float[] frequencies(int rope) {
    return frequencies[rope];
  }
}
