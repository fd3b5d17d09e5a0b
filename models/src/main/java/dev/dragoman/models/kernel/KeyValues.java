package dev.dragoman.models.kernel;

/**
 * One layer's keys and values of a sequence's tokens, in pages of {@link CacheShape#PAGE} positions
 * that come as they are needed. How a page is laid out is the business of the {@link Kernels} that
 * made it.
 */
public sealed interface KeyValues permits FloatKeyValues, ByteKeyValues {
  /** Makes the pages from one index up to another, which are not there yet. */
  void reserve(int from, int to);

  /**
   * Takes over what is in the first pages of another one, made by the same kernels for the same
   * shape and type.
   */
  void copy(KeyValues other, int pages);

  /** How many bytes a page has. */
  long pageBytes();
}
