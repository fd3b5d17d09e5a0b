package dev.dragoman.models.kernel.vector;

import static dev.dragoman.models.kernel.CacheShape.PAGE;
import static dev.dragoman.models.kernel.vector.Tiles.LANES;
import static dev.dragoman.models.kernel.vector.Tiles.S;

import dev.dragoman.models.kernel.ByteKeyValues;
import dev.dragoman.models.kernel.CacheShape;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Pages of bytes, in the order of {@link CachedAttention}'s pages of singles. One head's keys or
 * values of a page are unpacked at a time, into scratch that stays in the first cache while all
 * queries are multiplied by it: from there on the arithmetic is that of singles. A page's scales
 * are for each head those of the keys of all positions, then those of the values.
 */
final class ByteCache {
  /** There are no vectors of 4 bytes. */
  private static final boolean WIDE_ENOUGH = LANES >= 8;

  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, LANES * Byte.SIZE)));

  private ByteCache() {}

  static ByteKeyValues create(CacheShape shape, int positions) {
    return new ByteKeyValues(
        CacheShape.pages(positions), CachedAttention.pageSize(shape), 2 * PAGE * shape.kvHeads());
  }

  static void cache(
      CacheShape shape,
      int rows,
      float[] x,
      int xAt,
      int xStride,
      ByteKeyValues cache,
      int position) {
    int width = shape.headWidth();
    for (int row = 0; row < rows; row++) {
      byte[] page = cache.page((position + row) / PAGE);
      float[] scales = cache.scales((position + row) / PAGE);
      int slot = (position + row) % PAGE;
      for (int head = 0; head < shape.kvHeads(); head++) {
        int key = xAt + row * xStride + head * width;
        int value = key + shape.keys();
        int at = head * CachedAttention.headSize(shape);
        int scaleAt = 2 * head * PAGE + slot;
        scales[scaleAt] = cacheKey(width, x, key, page, at, slot);
        scales[scaleAt + PAGE] =
            cacheValue(width, x, value, page, at + CachedAttention.keysSize(shape), slot);
      }
    }
  }

  /** Returns the scale. */
  private static float cacheKey(int count, float[] x, int at, byte[] page, int to, int slot) {
    float scale = ByteKeyValues.scale(x, at, count);
    float inverse = ByteKeyValues.inverse(scale);
    int start = Products.panelStart(slot, PAGE);
    int width = Products.panel(PAGE - start) * LANES;
    int first = to + start * count + slot - start;
    for (int i = 0; i < count; i++) {
      page[first + i * width] = ByteKeyValues.nearest(x[at + i], inverse);
    }
    return scale;
  }

  /** Returns the scale. */
  private static float cacheValue(int count, float[] x, int at, byte[] page, int to, int slot) {
    float scale = ByteKeyValues.scale(x, at, count);
    float inverse = ByteKeyValues.inverse(scale);
    for (int column = 0; column < count; ) {
      int width = Products.panel(count - column) * LANES;
      int first = to + column * PAGE + slot * width;
      for (int i = 0; i < Math.min(width, count - column); i++) {
        page[first + i] = ByteKeyValues.nearest(x[at + column + i], inverse);
      }
      column += width;
    }
    return scale;
  }

  /** Unpacks the keys of a head of a page. */
  static void keys(
      CacheShape shape, int head, ByteKeyValues cache, int page, float[] out, int outAt) {
    byte[] bytes = cache.page(page);
    float[] scales = cache.scales(page);
    int at = head * CachedAttention.headSize(shape);
    int scalesAt = 2 * head * PAGE;
    for (int slot = 0; slot < PAGE; ) {
      int width = Products.panel(PAGE - slot) * LANES;
      int depth = shape.headWidth() * width;
      int base = slot * shape.headWidth();
      for (int lane = 0; lane < width; lane += LANES) {
        int from = base + lane;
        scaledByOwn(
            from, from + depth, width, bytes, at, scales, scalesAt + slot + lane, out, outAt);
      }
      slot += width;
    }
  }

  /** A vector in each so many bytes, each lane by a scale of its own. */
  private static void scaledByOwn(
      int from,
      int to,
      int step,
      byte[] bytes,
      int at,
      float[] scales,
      int scalesAt,
      float[] out,
      int outAt) {
    if (WIDE_ENOUGH) {
      FloatVector scale = FloatVector.fromArray(S, scales, scalesAt);
      for (int i = from; i < to; i += step) {
        ((FloatVector)
                ByteVector.fromArray(B, bytes, at + i).convertShape(VectorOperators.B2F, S, 0))
            .mul(scale)
            .intoArray(out, outAt + i);
      }
    } else {
      for (int i = from; i < to; i += step) {
        for (int lane = 0; lane < LANES; lane++) {
          out[outAt + i + lane] = bytes[at + i + lane] * scales[scalesAt + lane];
        }
      }
    }
  }

  /** Unpacks the values of a head of a page. */
  static void values(
      CacheShape shape,
      int head,
      ByteKeyValues cache,
      int page,
      int positions,
      float[] out,
      int outAt) {
    byte[] bytes = cache.page(page);
    float[] scales = cache.scales(page);
    int at = head * CachedAttention.headSize(shape) + CachedAttention.keysSize(shape);
    int scalesAt = (2 * head + 1) * PAGE;
    for (int column = 0; column < shape.headWidth(); ) {
      int width = Products.panel(shape.headWidth() - column) * LANES;
      for (int slot = 0; slot < positions; slot++) {
        int from = column * PAGE + slot * width;
        scaledByOne(from, from + width, bytes, at, scales[scalesAt + slot], out, outAt);
      }
      column += width;
    }
  }

  private static void scaledByOne(
      int from, int to, byte[] bytes, int at, float scale, float[] out, int outAt) {
    if (WIDE_ENOUGH) {
      for (int i = from; i < to; i += LANES) {
        ((FloatVector)
                ByteVector.fromArray(B, bytes, at + i).convertShape(VectorOperators.B2F, S, 0))
            .mul(scale)
            .intoArray(out, outAt + i);
      }
    } else {
      for (int i = from; i < to; i++) {
        out[outAt + i] = bytes[at + i] * scale;
      }
    }
  }
}
