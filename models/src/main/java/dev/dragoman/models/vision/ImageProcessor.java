package dev.dragoman.models.vision;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Prepares pictures for a model: resized, cut to its middle, split into tiles, brought to the range
 * of numbers that the model was trained on.
 *
 * <p>Reference implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/image_processing_backends.py">transformers,
 * image_processing_backends.py</a>, and that of Idefics3 for tiles.
 */
public final class ImageProcessor {
  private final Optional<TargetSize> size;
  private final Filter filter;
  private final Optional<TargetSize.Exact> crop;
  private final Optional<Tiling> tiling;
  private final float[][] levels; // [3, 256]

  /**
   * Tiles.
   *
   * @param edge of a tile
   * @param split whether there is more than one
   */
  record Tiling(int edge, boolean split) {}

  /**
   * What is done, in this order.
   *
   * @param levels [3, 256]: the number for each level of red, green and blue
   */
  ImageProcessor(
      Optional<TargetSize> size,
      Filter filter,
      Optional<TargetSize.Exact> crop,
      Optional<Tiling> tiling,
      float[][] levels) {
    this.size = size;
    this.filter = filter;
    this.crop = crop;
    this.tiling = tiling;
    this.levels = levels;
  }

  /**
   * Reads {@code preprocessor_config.json} of a folder or, where there is none, what {@code
   * processor_config.json} says under {@code image_processor}.
   *
   * @throws dev.dragoman.models.ModelException if there is neither, or it asks for something that
   *     is not known here
   */
  public static ImageProcessor read(Path folder) {
    return ImageProcessorReader.read(folder);
  }

  /**
   * Prepares a picture.
   *
   * @throws dev.dragoman.models.ModelException if its shape is so odd that it would become too
   *     large
   */
  public PreparedPicture prepare(Pixels picture) {
    Pixels resized = size.map(wanted -> resize(picture, wanted)).orElse(picture);
    if (tiling.isPresent()) {
      return tiles(resized, tiling.get());
    }
    return PreparedPicture.whole(values(crop.map(cut -> middle(resized, cut)).orElse(resized)));
  }

  private Pixels resize(Pixels picture, TargetSize wanted) {
    TargetSize.Size to = wanted.of(picture.width(), picture.height());
    return Resizer.resize(picture, to.width(), to.height(), filter);
  }

  /** The middle of a picture, with black around it where it is smaller. */
  private static Pixels middle(Pixels picture, TargetSize.Exact cut) {
    return picture.cut(
        before(picture.width(), cut.width()),
        before(picture.height(), cut.height()),
        cut.width(),
        cut.height());
  }

  private static int before(int has, int wanted) {
    return has >= wanted ? (has - wanted) / 2 : -Math.ceilDiv(wanted - has, 2);
  }

  private PreparedPicture tiles(Pixels picture, Tiling how) {
    int edge = how.edge();
    if (!how.split()) {
      return PreparedPicture.whole(values(Resizer.resize(picture, edge, edge, filter)));
    }
    TargetSize.Size grid = grid(picture.width(), picture.height(), edge);
    Pixels whole = Resizer.resize(picture, grid.width() * edge, grid.height() * edge, filter);
    if (grid.width() == 1 && grid.height() == 1) {
      return PreparedPicture.whole(values(whole));
    }
    List<PixelValues> tiles = new ArrayList<>();
    for (int row = 0; row < grid.height(); row++) {
      for (int column = 0; column < grid.width(); column++) {
        tiles.add(values(whole.cut(column * edge, row * edge, edge, edge)));
      }
    }
    tiles.add(values(Resizer.resize(whole, edge, edge, filter)));
    return new PreparedPicture(tiles, grid.height(), grid.width());
  }

  /** How many tiles there are: the longer edge decides, and the other follows. */
  private static TargetSize.Size grid(int width, int height, int edge) {
    double shape = (double) width / height;
    if (width >= height) {
      int columns = Math.ceilDiv(width, edge);
      return new TargetSize.Size(
          columns, Math.max(1, Math.ceilDiv((int) (columns * edge / shape), edge)));
    }
    int rows = Math.ceilDiv(height, edge);
    return new TargetSize.Size(Math.max(1, Math.ceilDiv((int) (rows * edge * shape), edge)), rows);
  }

  private PixelValues values(Pixels picture) {
    int count = picture.width() * picture.height();
    float[] values = new float[3 * count]; // [3, height, width]
    byte[] rgb = picture.rgb();
    for (int i = 0; i < count; i++) {
      for (int channel = 0; channel < 3; channel++) {
        values[channel * count + i] = levels[channel][rgb[3 * i + channel] & 255];
      }
    }
    return new PixelValues(picture.height(), picture.width(), values);
  }
}
