package dev.dragoman.models.vision;

import java.awt.image.BufferedImage;

/**
 * A picture.
 *
 * @param rgb [height, width, 3]: red, green and blue of each pixel, 0 to 255, row after row
 */
public record Pixels(int width, int height, byte[] rgb) {
  /** Checks that they fit. */
  public Pixels {
    if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "%d bytes are no picture of %d x %d pixels".formatted(rgb.length, width, height));
    }
  }

  /** The red, green and blue of a decoded picture; how transparent it is does not matter. */
  public static Pixels of(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int pixel : row) {
        rgb[at++] = (byte) (pixel >> 16);
        rgb[at++] = (byte) (pixel >> 8);
        rgb[at++] = (byte) pixel;
      }
    }
    return new Pixels(width, height, rgb);
  }

  /** What is in a rectangle; what lies outside the picture is black. */
  Pixels cut(int left, int top, int cutWidth, int cutHeight) {
    byte[] part = new byte[3 * cutWidth * cutHeight];
    int from = Math.max(0, left);
    int to = Math.min(width, left + cutWidth);
    for (int y = Math.max(0, top); y < Math.min(height, top + cutHeight) && from < to; y++) {
      System.arraycopy(
          rgb,
          3 * (y * width + from),
          part,
          3 * ((y - top) * cutWidth + from - left),
          3 * (to - from));
    }
    return new Pixels(cutWidth, cutHeight, part);
  }
}
