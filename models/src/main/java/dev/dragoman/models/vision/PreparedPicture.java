package dev.dragoman.models.vision;

import java.util.List;

/**
 * A picture as a model takes it in: one, or tiles of it row after row and then the whole of it.
 *
 * @param tiles at least one, all of one size
 * @param rows of tiles; 0 if the picture was not split
 * @param columns of tiles; 0 if the picture was not split
 */
public record PreparedPicture(List<PixelValues> tiles, int rows, int columns) {
  /** A picture that was not split. */
  static PreparedPicture whole(PixelValues values) {
    return new PreparedPicture(List.of(values), 0, 0);
  }

  /** The tiles. */
  public PreparedPicture {
    tiles = List.copyOf(tiles);
  }
}
