package dev.dragoman.models.kernel;

/**
 * What one layer knows of relative positions, for {@link Kernels#disentangledAttention}. Distances
 * (query's position minus key's) are put into buckets, so that far ones share one.
 *
 * @param keys [buckets, heads * headWidth], what queries are compared with; empty for none
 * @param queries [buckets, heads * headWidth], what keys are compared with; empty for none
 * @param bucketOf the bucket of each distance, rising, the distance 0 in the middle
 */
public record RelativePositions(float[] keys, float[] queries, int[] bucketOf) {
  /** The bucket of a distance. */
  int bucket(int distance) {
    return bucketOf[middle() + distance];
  }

  /** Where the distance 0 is. */
  public int middle() {
    return bucketOf.length / 2;
  }

  /** The lowest bucket that any two of so many tokens have. */
  public int first(int tokens) {
    return bucketOf[middle() - tokens + 1];
  }

  /** How many buckets there are from the lowest to the highest of so many tokens. */
  public int count(int tokens) {
    return bucketOf[middle() + tokens - 1] - first(tokens) + 1;
  }
}
