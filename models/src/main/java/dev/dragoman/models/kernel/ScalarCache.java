package dev.dragoman.models.kernel;

import static dev.dragoman.models.kernel.CacheShape.PAGE;

/**
 * The meaning of attention over a cache, in plain loops. A page has position by position the keys
 * of all heads, then their values; scales are in the same order.
 */
final class ScalarCache {
  private ScalarCache() {}

  static KeyValues create(CacheShape shape, CacheType type, int positions) {
    int pages = CacheShape.pages(positions);
    int size = 2 * PAGE * shape.keys();
    return switch (type) {
      case F32 -> new FloatKeyValues(pages, size);
      case INT8 -> new ByteKeyValues(pages, size, 2 * PAGE * shape.kvHeads());
    };
  }

  static void cache(
      CacheShape shape, int rows, float[] x, int xAt, int xStride, KeyValues cache, int position) {
    for (int row = 0; row < rows; row++) {
      int page = (position + row) / PAGE;
      int slot = (position + row) % PAGE;
      int from = xAt + row * xStride;
      switch (cache) {
        case FloatKeyValues floats ->
            System.arraycopy(x, from, floats.page(page), slot * 2 * shape.keys(), 2 * shape.keys());
        case ByteKeyValues bytes -> {
          for (int head = 2 * slot * shape.kvHeads();
              head < 2 * (slot + 1) * shape.kvHeads();
              head++) {
            bytes(shape.headWidth(), x, from, bytes, page, head);
            from += shape.headWidth();
          }
        }
      }
    }
  }

  private static void bytes(int width, float[] x, int at, ByteKeyValues cache, int page, int head) {
    float scale = ByteKeyValues.scale(x, at, width);
    float inverse = ByteKeyValues.inverse(scale);
    cache.scales(page)[head] = scale;
    for (int i = 0; i < width; i++) {
      cache.page(page)[head * width + i] = ByteKeyValues.nearest(x[at + i], inverse);
    }
  }

  /** A number of a position's keys and values. */
  private static double number(CacheShape shape, KeyValues cache, int position, int index) {
    int at = position % PAGE * 2 * shape.keys() + index;
    return switch (cache) {
      case FloatKeyValues floats -> floats.page(position / PAGE)[at];
      case ByteKeyValues bytes ->
          bytes.scales(position / PAGE)[at / shape.headWidth()] * bytes.page(position / PAGE)[at];
    };
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
      int first,
      int last) {
    int width = shape.headWidth();
    for (int row = 0; row < rows; row++) {
      int at = position + sight.rise(row);
      int end = at + 1;
      int start = sight.lowest(at);
      for (int head = first; head < last; head++) {
        int query = queriesAt + row * queriesStride + head * width;
        int key = head / (shape.heads() / shape.kvHeads()) * width;
        double max = Double.NEGATIVE_INFINITY;
        for (int other = start; other < end; other++) {
          double dot = 0;
          for (int i = 0; i < width; i++) {
            dot += queries[query + i] * number(shape, cache, other, key + i);
          }
          double far =
              sight.bias() == PositionBias.NONE
                  ? 0
                  : sight.bias().table()[sight.bias().start(head, at) + other];
          scratch[scratchAt + other] = (float) (dot * scale + far);
          max = Math.max(max, scratch[scratchAt + other]);
        }
        double sum = 0;
        for (int other = start; other < end; other++) {
          scratch[scratchAt + other] = (float) Math.exp(scratch[scratchAt + other] - max);
          sum += scratch[scratchAt + other];
        }
        int value = shape.keys() + key;
        for (int i = 0; i < width; i++) {
          double mixed = 0;
          for (int other = start; other < end; other++) {
            mixed += scratch[scratchAt + other] * number(shape, cache, other, value + i);
          }
          out[outAt + row * outStride + head * width + i] = (float) (mixed / sum);
        }
      }
    }
  }
}
