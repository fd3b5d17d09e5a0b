package dev.dragoman.models.kernel.vector;

import static dev.dragoman.models.kernel.vector.Products.packColumns;
import static dev.dragoman.models.kernel.vector.Products.packRows;
import static dev.dragoman.models.kernel.vector.Products.packedSize;
import static dev.dragoman.models.kernel.vector.Products.up;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.PositionBias;
import dev.dragoman.models.kernel.RelativePositions;

/**
 * Attention of the tokens of a whole sequence to each other. For each head the keys are packed as
 * the weights that give a score for each key, the values as those that mix them, and both products
 * run on the tiles of {@link Products}, for a block of queries at a time.
 */
final class EncoderAttention {
  /** Rows of queries whose scores are held at once. */
  private static final int QUERIES = 16 * Products.ROWS;

  private EncoderAttention() {}

  static int scratch(int tokens, int headWidth) {
    int keys = packedSize(tokens, headWidth);
    int values = packedSize(headWidth, tokens);
    return Math.addExact(Math.addExact(keys, values), rowsOf(tokens, up(tokens)));
  }

  /** Scores of a block of queries. */
  private static int rowsOf(int tokens, int columns) {
    return Math.multiplyExact(Math.min(QUERIES, Math.max(tokens, Products.ROWS)), columns);
  }

  static int scratch(int tokens, int headWidth, RelativePositions positions) {
    int buckets = positions.count(tokens);
    int size = scratch(tokens, headWidth);
    if (positions.keys().length > 0) {
      size = Math.addExact(size, packedSize(buckets, headWidth));
      size = Math.addExact(size, rowsOf(tokens, up(buckets)));
    }
    if (positions.queries().length > 0) {
      size = Math.addExact(size, Math.multiplyExact(Math.max(buckets, Products.ROWS), up(tokens)));
    }
    return size;
  }

  /** All tokens see all; for some of the heads. */
  static void attend(
      PositionBias bias,
      int tokens,
      int heads,
      int headWidth,
      float scale,
      float[] qkv,
      int qkvAt,
      int qkvStride,
      float[] out,
      int outAt,
      int outStride,
      float[] scratch,
      int scratchAt,
      int firstHead,
      int lastHead) {
    int width = heads * headWidth;
    int values = scratchAt + packedSize(tokens, headWidth);
    int scores = values + packedSize(headWidth, tokens);
    int stride = up(tokens);
    for (int head = firstHead; head < lastHead; head++) {
      int query = qkvAt + head * headWidth;
      packRows(tokens, headWidth, qkv, query + width, qkvStride, scratch, scratchAt);
      packColumns(headWidth, tokens, qkv, query + 2 * width, qkvStride, scratch, values);
      for (int row = 0; row < tokens; row += QUERIES) {
        int rows = Math.min(QUERIES, tokens - row);
        int from = query + row * qkvStride;
        product(
            rows, headWidth, tokens, qkv, from, qkvStride, scratch, scratchAt, scratch, scores,
            stride);
        for (int r = 0; r < rows; r++) {
          int at = scores + r * stride;
          if (bias == PositionBias.NONE) {
            RowMath.softmax(tokens, scale, scratch, at);
          } else {
            int biasAt = bias.start(head, row + r);
            RowMath.scaleAndAdd(tokens, scale, scratch, at, bias.table(), biasAt);
            RowMath.softmax(tokens, 1, scratch, at);
          }
        }
        int to = outAt + row * outStride + head * headWidth;
        product(
            rows, tokens, headWidth, scratch, scores, stride, scratch, values, out, to, outStride);
      }
    }
  }

  /** A token sees those at most so far away. */
  static void attendNear(
      int tokens,
      int reach,
      int heads,
      int headWidth,
      float scale,
      float[] qkv,
      int qkvAt,
      int qkvStride,
      float[] out,
      int outAt,
      int outStride,
      float[] scratch) {
    int width = heads * headWidth;
    int values = packedSize(tokens, headWidth);
    int scores = values + packedSize(headWidth, tokens);
    for (int row = 0; row < tokens; row += QUERIES) {
      int rows = Math.min(QUERIES, tokens - row);
      int low = Math.max(0, row - reach);
      int seen = (int) Math.min(tokens, (long) row + rows + reach) - low;
      int stride = up(seen);
      for (int head = 0; head < heads; head++) {
        int query = qkvAt + head * headWidth;
        int key = query + width + low * qkvStride;
        packRows(seen, headWidth, qkv, key, qkvStride, scratch, 0);
        packColumns(headWidth, seen, qkv, key + width, qkvStride, scratch, values);
        int from = query + row * qkvStride;
        product(rows, headWidth, seen, qkv, from, qkvStride, scratch, 0, scratch, scores, stride);
        for (int r = 0; r < rows; r++) {
          RowMath.softmaxWithin(
              Math.max(0, row + r - reach) - low,
              (int) Math.min(tokens, (long) row + r + reach + 1) - low,
              stride,
              scale,
              scratch,
              scores + r * stride);
        }
        int to = outAt + row * outStride + head * headWidth;
        product(
            rows, seen, headWidth, scratch, scores, stride, scratch, values, out, to, outStride);
      }
    }
  }

  /** All tokens see all, and are drawn to some distances more than to others. */
  static void attendDisentangled(
      int tokens,
      int heads,
      int headWidth,
      float scale,
      RelativePositions positions,
      float[] qkv,
      int qkvAt,
      int qkvStride,
      float[] out,
      int outAt,
      int outStride,
      float[] scratch) {
    int width = heads * headWidth;
    int values = packedSize(tokens, headWidth);
    int scores = values + packedSize(headWidth, tokens);
    int stride = up(tokens);
    int first = positions.first(tokens);
    int buckets = positions.count(tokens);
    boolean toKeys = positions.keys().length > 0;
    boolean toQueries = positions.queries().length > 0;
    int places = scores + rowsOf(tokens, stride);
    int drawn = places + (toKeys ? packedSize(buckets, headWidth) : 0);
    int drawing = drawn + (toKeys ? rowsOf(tokens, up(buckets)) : 0);
    for (int head = 0; head < heads; head++) {
      int query = qkvAt + head * headWidth;
      int place = first * width + head * headWidth;
      packRows(tokens, headWidth, qkv, query + width, qkvStride, scratch, 0);
      packColumns(headWidth, tokens, qkv, query + 2 * width, qkvStride, scratch, values);
      if (toKeys) {
        packRows(buckets, headWidth, positions.keys(), place, width, scratch, places);
      }
      if (toQueries) {
        float[] x = positions.queries();
        product(buckets, headWidth, tokens, x, place, width, scratch, 0, scratch, drawing, stride);
      }
      for (int row = 0; row < tokens; row += QUERIES) {
        int rows = Math.min(QUERIES, tokens - row);
        int from = query + row * qkvStride;
        product(rows, headWidth, tokens, qkv, from, qkvStride, scratch, 0, scratch, scores, stride);
        if (toKeys) {
          int columns = up(buckets);
          product(
              rows, headWidth, buckets, qkv, from, qkvStride, scratch, places, scratch, drawn,
              columns);
          for (int r = 0; r < rows; r++) {
            addByKey(
                tokens,
                row + r,
                first,
                positions,
                scratch,
                drawn + r * columns,
                scores + r * stride);
          }
        }
        for (int r = 0; r < rows; r++) {
          if (toQueries) {
            addByQuery(
                tokens, row + r, first, positions, scratch, drawing, stride, scores + r * stride);
          }
          RowMath.softmax(tokens, scale, scratch, scores + r * stride);
        }
        int to = outAt + row * outStride + head * headWidth;
        product(
            rows, tokens, headWidth, scratch, scores, stride, scratch, values, out, to, outStride);
      }
    }
  }

  /** Adds to a query's scores what it has for the buckets of its distances. */
  private static void addByKey(
      int tokens,
      int row,
      int first,
      RelativePositions positions,
      float[] x,
      int drawn,
      int scores) {
    int[] bucketOf = positions.bucketOf();
    int distance = positions.middle() + row;
    for (int key = 0; key < tokens; key++) {
      x[scores + key] += x[drawn + bucketOf[distance - key] - first];
    }
  }

  /** Adds to a query's scores what the keys have for the buckets of their distances from it. */
  private static void addByQuery(
      int tokens,
      int row,
      int first,
      RelativePositions positions,
      float[] x,
      int drawing,
      int stride,
      int scores) {
    int[] bucketOf = positions.bucketOf();
    int distance = positions.middle() + row;
    for (int key = 0; key < tokens; key++) {
      x[scores + key] += x[drawing + (bucketOf[distance - key] - first) * stride + key];
    }
  }

  private static void product(
      int rows,
      int depth,
      int columns,
      float[] x,
      int xAt,
      int xStride,
      float[] w,
      int wAt,
      float[] y,
      int yAt,
      int yStride) {
    Products.product(
        rows,
        depth,
        columns,
        x,
        xAt,
        xStride,
        w,
        wAt,
        Products.ZEROS,
        0,
        Activation.NONE,
        y,
        yAt,
        yStride);
  }
}
