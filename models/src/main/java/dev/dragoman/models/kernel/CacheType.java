package dev.dragoman.models.kernel;

/** How a cache holds keys and values. */
public enum CacheType {
  /** As single-precision numbers. */
  F32,
  /**
   * As whole numbers from -127 to 127, with one scale for each head's key and each head's value of
   * a token: a bit more than a quarter of the memory.
   */
  INT8
}
