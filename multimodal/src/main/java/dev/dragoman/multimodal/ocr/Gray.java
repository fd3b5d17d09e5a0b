package dev.dragoman.multimodal.ocr;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/**
 * A page in shades of grey, 0 black to 255 white.
 *
 * @param pixels row by row, {@code [height * width]}
 */
record Gray(int width, int height, byte[] pixels) {

  /** The luminance (ITU-R BT.601) of a TYPE_INT_RGB picture. */
  static Gray of(BufferedImage rgb) {
    int[] in = ((DataBufferInt) rgb.getRaster().getDataBuffer()).getData();
    byte[] out = new byte[in.length];
    for (int i = 0; i < in.length; i++) {
      int p = in[i];
      out[i] = (byte) ((77 * (p >> 16 & 255) + 150 * (p >> 8 & 255) + 29 * (p & 255) + 128) >> 8);
    }
    return new Gray(rgb.getWidth(), rgb.getHeight(), out);
  }

  long area() {
    return (long) width * height;
  }

  /** Turned clockwise by 0, 90, 180 or 270 degrees. */
  Gray turned(int degrees) {
    if (degrees == 0) {
      return this;
    }
    boolean swapped = degrees != 180;
    int w = swapped ? height : width;
    int h = swapped ? width : height;
    byte[] out = new byte[pixels.length];
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int from =
            switch (degrees) {
              case 90 -> (height - 1 - x) * width + y;
              case 180 -> (height - 1 - y) * width + width - 1 - x;
              case 270 -> x * width + width - 1 - y;
              default -> throw new IllegalArgumentException("turned by " + degrees);
            };
        out[y * w + x] = pixels[from];
      }
    }
    return new Gray(w, h, out);
  }

  /**
   * Scaled, and turned clockwise about the centre, on a canvas large enough that no corner is lost;
   * what lies outside is the colour of the border. Bilinear, after averaging when it shrinks.
   */
  Gray transformed(double scale, double degrees) {
    if (scale < 0.75) {
      return shrunk(scale).transformed(1, degrees);
    }
    if (scale == 1 && degrees == 0) {
      return this;
    }
    double radians = Math.toRadians(degrees);
    double cos = Math.cos(radians);
    double sin = Math.sin(radians);
    int w = canvas(width * scale, height * scale, cos, sin);
    int h = canvas(height * scale, width * scale, cos, sin);
    byte[] out = new byte[Math.multiplyExact(w, h)];
    int border = border();
    double dx = cos / scale;
    double dy = -sin / scale;
    for (int y = 0; y < h; y++) {
      double cx = 0.5 - w / 2.0;
      double cy = y + 0.5 - h / 2.0;
      double sx = (cos * cx + sin * cy) / scale + width / 2.0 - 0.5;
      double sy = (-sin * cx + cos * cy) / scale + height / 2.0 - 0.5;
      for (int x = 0; x < w; x++) {
        out[y * w + x] = (byte) sample(sx, sy, border);
        sx += dx;
        sy += dy;
      }
    }
    return new Gray(w, h, out);
  }

  private static int canvas(double along, double across, double cos, double sin) {
    return Math.max(1, (int) Math.ceil(along * Math.abs(cos) + across * Math.abs(sin) - 1e-6));
  }

  private int sample(double sx, double sy, int border) {
    if (sx < -0.5 || sy < -0.5 || sx > width - 0.5 || sy > height - 0.5) {
      return border;
    }
    int x0 = Math.clamp((int) Math.floor(sx), 0, width - 1);
    int y0 = Math.clamp((int) Math.floor(sy), 0, height - 1);
    int x1 = Math.min(x0 + 1, width - 1);
    int y1 = Math.min(y0 + 1, height - 1);
    int fx = Math.clamp((int) ((sx - x0) * 256), 0, 256);
    int fy = Math.clamp((int) ((sy - y0) * 256), 0, 256);
    int top = at(x0, y0) * (256 - fx) + at(x1, y0) * fx;
    int bottom = at(x0, y1) * (256 - fx) + at(x1, y1) * fx;
    return (top * (256 - fy) + bottom * fy + 32768) >> 16;
  }

  private int at(int x, int y) {
    return pixels[y * width + x] & 255;
  }

  /** The median of the outermost pixels. */
  private int border() {
    int[] histogram = new int[256];
    int count = 0;
    for (int x = 0; x < width; x++) {
      histogram[at(x, 0)]++;
      histogram[at(x, height - 1)]++;
      count += 2;
    }
    for (int y = 0; y < height; y++) {
      histogram[at(0, y)]++;
      histogram[at(width - 1, y)]++;
      count += 2;
    }
    int seen = 0;
    for (int level = 0; level < 256; level++) {
      seen += histogram[level];
      if (2 * seen >= count) {
        return level;
      }
    }
    return 255;
  }

  /** Made smaller: every new pixel is the mean of the old ones it covers. */
  private Gray shrunk(double scale) {
    int w = Math.max(1, (int) Math.round(width * scale));
    int h = Math.max(1, (int) Math.round(height * scale));
    byte[] out = new byte[w * h];
    for (int y = 0; y < h; y++) {
      int top = (int) ((long) y * height / h);
      int bottom = Math.max(top + 1, (int) ((y + 1L) * height / h));
      for (int x = 0; x < w; x++) {
        int left = (int) ((long) x * width / w);
        int right = Math.max(left + 1, (int) ((x + 1L) * width / w));
        int sum = 0;
        for (int sy = top; sy < bottom; sy++) {
          for (int sx = left; sx < right; sx++) {
            sum += at(sx, sy);
          }
        }
        int n = (bottom - top) * (right - left);
        out[y * w + x] = (byte) ((sum + n / 2) / n);
      }
    }
    return new Gray(w, h, out);
  }

  /** Each pixel the median of its 3 x 3 neighbourhood: takes away pepper and salt. */
  Gray despeckled() {
    byte[] out = pixels.clone();
    int[] window = new int[9];
    for (int y = 1; y < height - 1; y++) {
      for (int x = 1; x < width - 1; x++) {
        int n = 0;
        for (int dy = -1; dy <= 1; dy++) {
          for (int dx = -1; dx <= 1; dx++) {
            int value = at(x + dx, y + dy);
            int i = n++;
            while (i > 0 && window[i - 1] > value) {
              window[i] = window[i - 1];
              i--;
            }
            window[i] = value;
          }
        }
        out[y * width + x] = (byte) window[4];
      }
    }
    return new Gray(width, height, out);
  }
}
