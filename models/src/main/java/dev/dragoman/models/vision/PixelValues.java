package dev.dragoman.models.vision;

/**
 * A picture as a model takes it in.
 *
 * @param values [3, height, width]
 */
public record PixelValues(int height, int width, float[] values) {
  /** Checks that they fit. */
  public PixelValues {
    if (width < 1 || height < 1 || values.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "%d numbers are no picture of 3 x %d x %d".formatted(values.length, height, width));
    }
  }
}
