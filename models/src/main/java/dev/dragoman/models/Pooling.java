package dev.dragoman.models;

/** How the vectors of a text's tokens become one. */
public enum Pooling {
  /** Their mean. */
  MEAN,
  /** The first one. */
  CLS,
  /** The largest number at each place. */
  MAX
}
