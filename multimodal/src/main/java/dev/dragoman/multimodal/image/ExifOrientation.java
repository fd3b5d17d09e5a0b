package dev.dragoman.multimodal.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/**
 * How a camera was held, as EXIF and TIFF write it in tag 274: the transformation that makes the
 * stored picture upright.
 */
enum ExifOrientation {
  UPRIGHT,
  MIRRORED,
  UPSIDE_DOWN,
  MIRRORED_UPSIDE_DOWN,
  TRANSPOSED,
  TURN_CLOCKWISE,
  TRANSVERSED,
  TURN_COUNTERCLOCKWISE;

  private static final ExifOrientation[] BY_TAG = values();

  /** The meaning of the tag's value; anything but 1 to 8 is taken as upright. */
  static ExifOrientation ofTag(int value) {
    return value >= 1 && value <= 8 ? BY_TAG[value - 1] : UPRIGHT;
  }

  /**
   * The upright picture; the argument itself where there is nothing to undo. Takes TYPE_INT_RGB.
   */
  BufferedImage apply(BufferedImage stored) {
    if (this == UPRIGHT) {
      return stored;
    }
    int w = stored.getWidth();
    int h = stored.getHeight();
    boolean swapped =
        switch (this) {
          case UPRIGHT, MIRRORED, UPSIDE_DOWN, MIRRORED_UPSIDE_DOWN -> false;
          case TRANSPOSED, TURN_CLOCKWISE, TRANSVERSED, TURN_COUNTERCLOCKWISE -> true;
        };
    BufferedImage upright =
        new BufferedImage(swapped ? h : w, swapped ? w : h, BufferedImage.TYPE_INT_RGB);
    int[] in = ((DataBufferInt) stored.getRaster().getDataBuffer()).getData();
    int[] out = ((DataBufferInt) upright.getRaster().getDataBuffer()).getData();
    int uw = upright.getWidth();
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int ux =
            switch (this) {
              case UPRIGHT, MIRRORED_UPSIDE_DOWN -> x;
              case MIRRORED, UPSIDE_DOWN -> w - 1 - x;
              case TRANSPOSED, TURN_COUNTERCLOCKWISE -> y;
              case TURN_CLOCKWISE, TRANSVERSED -> h - 1 - y;
            };
        int uy =
            switch (this) {
              case UPRIGHT, MIRRORED -> y;
              case UPSIDE_DOWN, MIRRORED_UPSIDE_DOWN -> h - 1 - y;
              case TRANSPOSED, TURN_CLOCKWISE -> x;
              case TRANSVERSED, TURN_COUNTERCLOCKWISE -> w - 1 - x;
            };
        out[uy * uw + ux] = in[y * w + x];
      }
    }
    return upright;
  }
}
