package dev.dragoman.models.architecture;

/** A model that gives every token a vector. Safe for use by many threads, through sessions. */
public interface Encoder {
  /** The length of the vectors. */
  int width();

  /** How many tokens a sequence may have. */
  int positions();

  /** How many token ids it knows. */
  int vocabulary();

  /** Scratch for one thread, to be kept and used again. */
  Session session();

  /** What one thread needs to run the model. */
  interface Session {
    /**
     * Runs the model over all sequences of a batch.
     *
     * @return [tokens, width], valid until the next call; the array may be longer than that
     */
    float[] run(Batch batch, Layers layers);
  }

  /** Looks at what the layers give, for tests. */
  @FunctionalInterface
  interface Layers {
    /** Looks at nothing. */
    Layers UNSEEN = (layer, hidden) -> {};

    /**
     * What a layer gave.
     *
     * @param layer 0 for the embeddings, then 1 for the first layer
     * @param hidden [tokens, width]
     */
    void layer(int layer, float[] hidden);

    /**
     * What some rows of a decoder's layer ask of a {@link Memory}.
     *
     * @param layer from 0
     * @param row the first one
     * @param queries [rows, width of all heads]
     */
    default void asked(int layer, int row, int rows, float[] queries) {}
  }
}
