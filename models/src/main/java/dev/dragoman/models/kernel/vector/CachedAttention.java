package dev.dragoman.models.kernel.vector;

import static dev.dragoman.models.kernel.CacheShape.PAGE;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.CacheShape;
import java.util.Arrays;

/**
 * Attention over a cache of keys and values. A page has, for each head, the keys packed as the
 * weights that give one score a position, then the values packed as the weights that mix one number
 * of a head each: both products run on the tiles of {@link Products} straight from the page.
 */
final class CachedAttention {
  /** Rows of queries whose scores are held at once. */
  private static final int QUERIES = 8 * Products.ROWS;

  private CachedAttention() {}

  private static int keysSize(CacheShape shape) {
    return PAGE * shape.headWidth();
  }

  private static int headSize(CacheShape shape) {
    return keysSize(shape) + PAGE * Products.up(shape.headWidth());
  }

  static int pageSize(CacheShape shape) {
    return shape.kvHeads() * headSize(shape);
  }

  static int scratch(CacheShape shape, int rows, int positions) {
    int group = shape.heads() / shape.kvHeads();
    return Math.multiplyExact(
        Math.max(group, Math.min(rows, QUERIES)), CacheShape.pages(positions) * PAGE);
  }

  static void cache(
      CacheShape shape, int rows, float[] x, int xAt, int xStride, float[][] pages, int position) {
    for (int row = 0; row < rows; row++) {
      float[] page = pages[(position + row) / PAGE];
      int slot = (position + row) % PAGE;
      int start = Products.panelStart(slot, PAGE);
      int width = Products.panel(PAGE - start) * Tiles.LANES;
      for (int head = 0; head < shape.kvHeads(); head++) {
        int key = xAt + row * xStride + head * shape.headWidth();
        int at = head * headSize(shape);
        int to = at + start * shape.headWidth() + slot - start;
        for (int i = 0; i < shape.headWidth(); i++) {
          page[to + i * width] = x[key + i];
        }
        cacheValue(shape.headWidth(), x, key + shape.keys(), page, at + keysSize(shape), slot);
      }
    }
  }

  private static void cacheValue(int count, float[] x, int at, float[] page, int to, int slot) {
    for (int column = 0; column < count; ) {
      int width = Products.panel(count - column) * Tiles.LANES;
      int used = Math.min(width, count - column);
      System.arraycopy(x, at + column, page, to + column * PAGE + slot * width, used);
      column += width;
    }
  }

  static void attend(
      CacheShape shape,
      float scale,
      int window,
      int rows,
      float[] queries,
      int queriesAt,
      int queriesStride,
      float[][] pages,
      int position,
      float[] out,
      int outAt,
      int outStride,
      float[] scratch,
      int scratchAt,
      int from,
      int to) {
    int group = shape.heads() / shape.kvHeads();
    int width = shape.headWidth();
    for (int head = from; head < to; ) {
      int kv = head / group;
      int end = Math.min(to, (kv + 1) * group);
      if (rows == 1) {
        // The heads that share these keys are the rows.
        block(
            shape,
            scale,
            window,
            kv,
            end - head,
            queries,
            queriesAt + head * width,
            width,
            pages,
            position,
            0,
            out,
            outAt + head * width,
            width,
            scratch,
            scratchAt);
        head = end;
        continue;
      }
      for (int row = 0; row < rows; row += QUERIES) {
        block(
            shape,
            scale,
            window,
            kv,
            Math.min(QUERIES, rows - row),
            queries,
            queriesAt + row * queriesStride + head * width,
            queriesStride,
            pages,
            position + row,
            1,
            out,
            outAt + row * outStride + head * width,
            outStride,
            scratch,
            scratchAt);
      }
      head++;
    }
  }

  /** Some rows that share a head of keys; the position rises by so many from row to row. */
  private static void block(
      CacheShape shape,
      float scale,
      int window,
      int kv,
      int rows,
      float[] queries,
      int queriesAt,
      int queriesStride,
      float[][] pages,
      int position,
      int rise,
      float[] out,
      int outAt,
      int outStride,
      float[] scores,
      int scoresAt) {
    int width = shape.headWidth();
    int end = position + (rows - 1) * rise + 1;
    int firstPage = lowest(window, position) / PAGE;
    int lastPage = (end - 1) / PAGE;
    int base = firstPage * PAGE;
    int stride = (lastPage - firstPage + 1) * PAGE;
    int keys = kv * headSize(shape);
    for (int page = firstPage; page <= lastPage; page++) {
      Products.product(
          rows,
          width,
          PAGE,
          queries,
          queriesAt,
          queriesStride,
          pages[page],
          keys,
          Products.ZEROS,
          0,
          Activation.NONE,
          scores,
          scoresAt + page * PAGE - base,
          stride);
    }
    for (int row = 0; row < rows; row++) {
      int at = position + row * rise;
      RowMath.softmaxWithin(
          lowest(window, at) - base, at + 1 - base, stride, scale, scores, scoresAt + row * stride);
      Arrays.fill(out, outAt + row * outStride, outAt + row * outStride + width, 0);
    }
    for (int page = firstPage; page <= lastPage; page++) {
      Products.addProduct(
          rows,
          Math.min(PAGE, end - page * PAGE),
          PAGE,
          width,
          scores,
          scoresAt + page * PAGE - base,
          stride,
          pages[page],
          keys + keysSize(shape),
          out,
          outAt,
          outStride);
    }
  }

  private static int lowest(int window, int position) {
    return window == 0 ? 0 : Math.max(0, position - window + 1);
  }
}
