package dev.dragoman.models.vision;

import dev.dragoman.models.ModelException;
import java.util.Arrays;

/**
 * Resizes pictures as Pillow does, to the bit (<a
 * href="https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c">Resample.c</a>).
 */
final class Resizer {
  private static final int POINT = 22;
  private static final long MAX_PIXELS = 250_000_000;

  private Resizer() {}

  /**
   * The picture with another size.
   *
   * @throws ModelException if that is too large
   */
  static Pixels resize(Pixels picture, int width, int height, Filter filter) {
    if (width < 1
        || height < 1
        || Math.max(width, picture.width()) * (long) Math.max(height, picture.height())
            > MAX_PIXELS) {
      throw new ModelException(
          "a picture of %d x %d pixels would have to be made %d x %d for the model"
              .formatted(picture.width(), picture.height(), width, height));
    }
    if (width == picture.width() && height == picture.height()) {
      return picture;
    }
    if (filter == Filter.NEAREST) {
      return nearest(picture, width, height);
    }
    return downFirst(picture, width, height)
        ? across(down(picture, height, filter), width, filter)
        : down(across(picture, width, filter), height, filter);
  }

  /**
   * Whether columns come before rows, as in Pillow 13; before that rows always came first. It makes
   * a difference of more than one level only where a filter overshoots at a sharp edge.
   */
  private static boolean downFirst(Pixels picture, int width, int height) {
    return height < picture.height() && picture.height() - height > 2 * (picture.width() - width);
  }

  /**
   * What each new pixel is made of.
   *
   * @param first [size]: the first old pixel
   * @param counts [size]: how many of them
   * @param factors [size, width], with the point at {@link #POINT}
   */
  private record Weights(int size, int width, int[] first, int[] counts, int[] factors) {
    static Weights of(int from, int to, Filter filter) {
      double scale = (double) from / to;
      double wide = Math.max(1, scale);
      double support = filter.support() * wide;
      int width = 2 * (int) Math.ceil(support) + 1;
      int[] first = new int[to];
      int[] counts = new int[to];
      int[] factors = new int[Math.multiplyExact(to, width)];
      double[] weights = new double[width];
      for (int i = 0; i < to; i++) {
        double center = (i + 0.5) * scale;
        int start = Math.max(0, (int) (center - support + 0.5));
        int count = Math.min(from, (int) (center + support + 0.5)) - start;
        double sum = 0;
        for (int k = 0; k < count; k++) {
          weights[k] = filter.weight((k + start - center + 0.5) * (1 / wide));
          sum += weights[k];
        }
        first[i] = start;
        counts[i] = count;
        for (int k = 0; k < count; k++) {
          double weight = (sum == 0 ? weights[k] : weights[k] / sum) * (1 << POINT);
          factors[i * width + k] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
        }
      }
      return new Weights(to, width, first, counts, factors);
    }
  }

  private static Pixels across(Pixels picture, int width, Filter filter) {
    if (width == picture.width()) {
      return picture;
    }
    Weights weights = Weights.of(picture.width(), width, filter);
    byte[] old = picture.rgb();
    byte[] made = new byte[3 * weights.size * picture.height()];
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < weights.size; x++) {
        int red = 1 << (POINT - 1);
        int green = red;
        int blue = red;
        int at = 3 * (y * picture.width() + weights.first[x]);
        for (int k = 0; k < weights.counts[x]; k++, at += 3) {
          int factor = weights.factors[x * weights.width + k];
          red += (old[at] & 255) * factor;
          green += (old[at + 1] & 255) * factor;
          blue += (old[at + 2] & 255) * factor;
        }
        int to = 3 * (y * weights.size + x);
        made[to] = level(red);
        made[to + 1] = level(green);
        made[to + 2] = level(blue);
      }
    }
    return new Pixels(weights.size, picture.height(), made);
  }

  private static Pixels down(Pixels picture, int height, Filter filter) {
    if (height == picture.height()) {
      return picture;
    }
    Weights weights = Weights.of(picture.height(), height, filter);
    int stride = 3 * picture.width();
    byte[] old = picture.rgb();
    byte[] made = new byte[stride * weights.size];
    int[] sums = new int[stride];
    for (int y = 0; y < weights.size; y++) {
      Arrays.fill(sums, 1 << (POINT - 1));
      for (int k = 0; k < weights.counts[y]; k++) {
        int factor = weights.factors[y * weights.width + k];
        int at = (weights.first[y] + k) * stride;
        for (int i = 0; i < stride; i++) {
          sums[i] += (old[at + i] & 255) * factor;
        }
      }
      for (int i = 0; i < stride; i++) {
        made[y * stride + i] = level(sums[i]);
      }
    }
    return new Pixels(picture.width(), weights.size, made);
  }

  private static byte level(int sum) {
    return (byte) Math.clamp(sum >> POINT, 0, 255);
  }

  private static Pixels nearest(Pixels picture, int width, int height) {
    int[] columns = places(picture.width(), width);
    int[] rows = places(picture.height(), height);
    byte[] made = new byte[3 * width * height];
    int to = 0;
    for (int row : rows) {
      for (int column : columns) {
        System.arraycopy(picture.rgb(), 3 * (row * picture.width() + column), made, to, 3);
        to += 3;
      }
    }
    return new Pixels(width, height, made);
  }

  /** Which old pixel each new one is, by adding up as the reference does. */
  private static int[] places(int from, int to) {
    double step = (double) from / to;
    double place = step * 0.5;
    int[] places = new int[to];
    for (int i = 0; i < to; i++) {
      places[i] = Math.min(from - 1, (int) place);
      place += step;
    }
    return places;
  }
}
