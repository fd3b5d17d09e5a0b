package dev.dragoman.models.kernel;

/**
 * Keys and values as bytes, each head's key and each head's value of a token with a scale of its
 * own: a number is {@code scale * byte}, rounded to a single.
 */
public final class ByteKeyValues implements KeyValues {
  private static final int LARGEST = 127;

  private final byte[][] pages;
  private final float[][] scales;
  private final int size;
  private final int scaleCount;

  /**
   * None yet.
   *
   * @param pages how many there may come to be
   * @param size bytes of a page
   * @param scaleCount scales of a page
   */
  public ByteKeyValues(int pages, int size, int scaleCount) {
    this.pages = new byte[pages][];
    this.scales = new float[pages][];
    this.size = size;
    this.scaleCount = scaleCount;
  }

  /** The bytes of a page, zeros at first. */
  public byte[] page(int index) {
    return pages[index];
  }

  /** The scales of a page, zeros at first. */
  public float[] scales(int index) {
    return scales[index];
  }

  /**
   * The scale with which the largest of some numbers becomes 127 or -127; 0 if they are all so
   * small that there is none.
   */
  public static float scale(float[] x, int at, int count) {
    float largest = 0;
    for (int i = at; i < at + count; i++) {
      largest = Math.max(largest, Math.abs(x[i]));
    }
    float scale = largest / LARGEST;
    return scale < Float.MIN_NORMAL ? 0 : scale;
  }

  /** What numbers are multiplied by before they are rounded. */
  public static float inverse(float scale) {
    return scale == 0 ? 0 : 1 / scale;
  }

  /** The nearest byte; of two, the even one. */
  public static byte nearest(float x, float inverse) {
    return (byte) Math.rint(x * inverse);
  }

  @Override
  public void reserve(int from, int to) {
    for (int page = from; page < to; page++) {
      pages[page] = new byte[size];
      scales[page] = new float[scaleCount];
    }
  }

  @Override
  public void copy(KeyValues other, int count) {
    ByteKeyValues from = (ByteKeyValues) other;
    for (int page = 0; page < count; page++) {
      System.arraycopy(from.pages[page], 0, pages[page], 0, size);
      System.arraycopy(from.scales[page], 0, scales[page], 0, scaleCount);
    }
  }

  @Override
  public long pageBytes() {
    return size + (long) Float.BYTES * scaleCount;
  }
}
