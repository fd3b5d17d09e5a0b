package dev.dragoman.models.kernel;

/**
 * The weights of a linear layer, {@code y = x * W^T + b}, as some kernels keep them. It is never
 * changed, so threads share it.
 */
public sealed interface Matrix permits PackedMatrix, StoredMatrix, BlockMatrix {
  /** How many numbers come out for each row. */
  int outputs();

  /** How many numbers go in for each row. */
  int inputs();
}
