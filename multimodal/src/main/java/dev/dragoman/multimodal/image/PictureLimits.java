package dev.dragoman.multimodal.image;

/**
 * How much of a picture file is read.
 *
 * @param maxPixels width times height beyond which a page is refused, unread
 * @param maxPages pages of a multi-page TIFF beyond which the file is refused
 */
public record PictureLimits(long maxPixels, int maxPages) {
  /** 50 megapixels, 2,000 pages. */
  public static final PictureLimits DEFAULT = new PictureLimits(50_000_000, 2_000);

  /** Checks that both are positive. */
  public PictureLimits {
    if (maxPixels < 1 || maxPages < 1) {
      throw new IllegalArgumentException("limits must be positive: " + maxPixels + ", " + maxPages);
    }
  }
}
