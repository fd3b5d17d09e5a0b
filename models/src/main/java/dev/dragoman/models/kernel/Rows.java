package dev.dragoman.models.kernel;

/** The rows of a matrix, wherever they come from. */
@FunctionalInterface
public interface Rows {
  /** Copies one row. */
  void read(int row, float[] into, int at);
}
