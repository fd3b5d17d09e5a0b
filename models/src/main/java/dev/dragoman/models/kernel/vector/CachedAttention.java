package dev.dragoman.models.kernel.vector;

import static dev.dragoman.models.kernel.CacheShape.PAGE;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.ByteKeyValues;
import dev.dragoman.models.kernel.CacheShape;
import dev.dragoman.models.kernel.CacheType;
import dev.dragoman.models.kernel.FloatKeyValues;
import dev.dragoman.models.kernel.KeyValues;
import dev.dragoman.models.kernel.PositionBias;
import dev.dragoman.models.kernel.Sight;
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

  static int keysSize(CacheShape shape) {
    return PAGE * shape.headWidth();
  }

  static int headSize(CacheShape shape) {
    return keysSize(shape) + PAGE * Products.up(shape.headWidth());
  }

  static int pageSize(CacheShape shape) {
    return shape.kvHeads() * headSize(shape);
  }

  static int scratch(CacheShape shape, int rows, int positions) {
    int group = shape.heads() / shape.kvHeads();
    return Math.addExact(
        tileSize(shape),
        Math.multiplyExact(
            Math.max(group, Math.min(rows, QUERIES)), CacheShape.pages(positions) * PAGE));
  }

  /** What the scratch begins with: a page's keys or values of a head, where they are unpacked. */
  private static int tileSize(CacheShape shape) {
    return PAGE * Products.up(shape.headWidth());
  }

  static KeyValues create(CacheShape shape, CacheType type, int positions) {
    return switch (type) {
      case F32 -> new FloatKeyValues(CacheShape.pages(positions), pageSize(shape));
      case INT8 -> ByteCache.create(shape, positions);
    };
  }

  static void cache(
      CacheShape shape, int rows, float[] x, int xAt, int xStride, KeyValues cache, int position) {
    switch (cache) {
      case FloatKeyValues floats -> cache(shape, rows, x, xAt, xStride, floats, position);
      case ByteKeyValues bytes -> ByteCache.cache(shape, rows, x, xAt, xStride, bytes, position);
    }
  }

  private static void cache(
      CacheShape shape,
      int rows,
      float[] x,
      int xAt,
      int xStride,
      FloatKeyValues cache,
      int position) {
    for (int row = 0; row < rows; row++) {
      float[] page = cache.page((position + row) / PAGE);
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
      Sight sight,
      int rows,
      float[] queries,
      int queriesAt,
      int queriesStride,
      KeyValues cache,
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
            sight,
            1,
            head,
            kv,
            end - head,
            queries,
            queriesAt + head * width,
            width,
            cache,
            position,
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
            sight,
            0,
            head,
            kv,
            Math.min(QUERIES, rows - row),
            queries,
            queriesAt + row * queriesStride + head * width,
            queriesStride,
            cache,
            position + sight.rise(row),
            out,
            outAt + row * outStride + head * width,
            outStride,
            scratch,
            scratchAt);
      }
      head++;
    }
  }

  /**
   * Some rows that share a head of keys: either tokens, for one head, or heads, for one token.
   *
   * @param headStep 1 if the rows are heads that follow one another, 0 if they are tokens
   * @param head of the first row
   */
  private static void block(
      CacheShape shape,
      float scale,
      Sight sight,
      int headStep,
      int head,
      int kv,
      int rows,
      float[] queries,
      int queriesAt,
      int queriesStride,
      KeyValues cache,
      int position,
      float[] out,
      int outAt,
      int outStride,
      float[] scratch,
      int tileAt) {
    int width = shape.headWidth();
    int end = position + (headStep == 1 ? 0 : sight.rise(rows - 1)) + 1;
    int firstPage = sight.lowest(position) / PAGE;
    int lastPage = (end - 1) / PAGE;
    int base = firstPage * PAGE;
    int stride = (lastPage - firstPage + 1) * PAGE;
    int scoresAt = tileAt + tileSize(shape);
    for (int page = firstPage; page <= lastPage; page++) {
      int keysAt = keysAt(shape, kv, cache, page, scratch, tileAt);
      Products.product(
          rows,
          width,
          PAGE,
          queries,
          queriesAt,
          queriesStride,
          packed(cache, page, scratch),
          keysAt,
          Products.ZEROS,
          0,
          Activation.NONE,
          scratch,
          scoresAt + page * PAGE - base,
          stride);
    }
    for (int row = 0; row < rows; row++) {
      int at = position + (headStep == 1 ? 0 : sight.rise(row));
      int from = sight.lowest(at) - base;
      int to = at + 1 - base;
      int scoreAt = scoresAt + row * stride;
      PositionBias bias = sight.bias();
      boolean biased = bias != PositionBias.NONE;
      if (biased) {
        int biasAt = bias.start(head + row * headStep, at) + base + from;
        RowMath.scaleAndAdd(to - from, scale, scratch, scoreAt + from, bias.table(), biasAt);
      }
      RowMath.softmaxWithin(from, to, stride, biased ? 1 : scale, scratch, scoreAt);
      Arrays.fill(out, outAt + row * outStride, outAt + row * outStride + width, 0);
    }
    for (int page = firstPage; page <= lastPage; page++) {
      int positions = Math.min(PAGE, end - page * PAGE);
      int valuesAt = valuesAt(shape, kv, cache, page, positions, scratch, tileAt);
      Products.addProduct(
          rows,
          positions,
          PAGE,
          width,
          scratch,
          scoresAt + page * PAGE - base,
          stride,
          packed(cache, page, scratch),
          valuesAt,
          out,
          outAt,
          outStride);
    }
  }

  /** Where a page's keys and values are, as the products take them. */
  private static float[] packed(KeyValues cache, int page, float[] scratch) {
    return cache instanceof FloatKeyValues floats ? floats.page(page) : scratch;
  }

  /** Where in {@link #packed} the keys of a head are; bytes are unpacked for it. */
  private static int keysAt(
      CacheShape shape, int kv, KeyValues cache, int page, float[] scratch, int tileAt) {
    return switch (cache) {
      case FloatKeyValues _ -> kv * headSize(shape);
      case ByteKeyValues bytes -> {
        ByteCache.keys(shape, kv, bytes, page, scratch, tileAt);
        yield tileAt;
      }
    };
  }

  /** The same for the values of the first positions. */
  private static int valuesAt(
      CacheShape shape,
      int kv,
      KeyValues cache,
      int page,
      int positions,
      float[] scratch,
      int tileAt) {
    return switch (cache) {
      case FloatKeyValues _ -> kv * headSize(shape) + keysSize(shape);
      case ByteKeyValues bytes -> {
        ByteCache.values(shape, kv, bytes, page, positions, scratch, tileAt);
        yield tileAt;
      }
    };
  }
}
