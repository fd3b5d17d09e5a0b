package dev.dragoman.models.kernel;

/** Keys and values as they come. */
public final class FloatKeyValues implements KeyValues {
  private final float[][] pages;
  private final int size;

  /**
   * None yet.
   *
   * @param pages how many there may come to be
   * @param size numbers of a page
   */
  public FloatKeyValues(int pages, int size) {
    this.pages = new float[pages][];
    this.size = size;
  }

  /** What is in a page, zeros at first. */
  public float[] page(int index) {
    return pages[index];
  }

  @Override
  public void reserve(int from, int to) {
    for (int page = from; page < to; page++) {
      pages[page] = new float[size];
    }
  }

  @Override
  public void copy(KeyValues other, int count) {
    for (int page = 0; page < count; page++) {
      System.arraycopy(((FloatKeyValues) other).pages[page], 0, pages[page], 0, size);
    }
  }

  @Override
  public long pageBytes() {
    return (long) Float.BYTES * size;
  }
}
