package dev.dragoman.models.architecture;

import dev.dragoman.models.kernel.KeyValues;

/**
 * What a decoder looks at besides its own text: the states that an encoder has made of another
 * text, a sound or a picture, as keys and values of each of the decoder's layers. It is not changed
 * once {@link Decoder.Session#remember} has made it; any number of sequences and threads may look
 * at it.
 */
public final class Memory {
  /** For decoders that look at nothing but their own text. */
  public static final Memory NONE = new Memory(new KeyValues[0], 0);

  private final KeyValues[] layers;
  private final int length;

  Memory(KeyValues[] layers, int length) {
    this.layers = layers;
    this.length = length;
  }

  /** How many states there are. */
  public int length() {
    return length;
  }

  KeyValues layer(int index) {
    return layers[index];
  }
}
