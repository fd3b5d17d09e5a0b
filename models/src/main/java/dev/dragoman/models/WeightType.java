package dev.dragoman.models;

/** How the weights of an encoder's linear layers are kept in memory. */
public enum WeightType {
  /** As singles: the fastest. */
  F32,
  /**
   * As signed bytes with a scale for every 32 inputs, rounded when the model is opened: a bit more
   * than a quarter of the memory. They are multiplied as singles. Layers whose inputs are no
   * multiple of 32 stay singles.
   */
  INT8
}
