package dev.dragoman.models.kernel.vector;

import static dev.dragoman.models.kernel.vector.Tiles.LANES;

import dev.dragoman.models.format.DType;
import dev.dragoman.models.format.Tensor;
import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.StoredMatrix;

/**
 * Products of rows with weights as they are in a file. A few rows of the weights are unpacked to
 * singles, then multiplied by all rows of x while they are in the cache; nothing else is kept. One
 * row or many: each result is made by the same operations in the same order.
 */
final class StoredProducts {
  /** Rows of weights that are unpacked together for one row of x: one tile. */
  private static final int FEW = 8;

  /** Rows of weights that are unpacked together for many rows of x: they fit the second cache. */
  private static final int MANY = 32;

  /** Rows of a tile. */
  private static final int ROWS = 6;

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private StoredProducts() {}

  private static final class Scratch {
    private float[] weights = new float[0]; // [rows, depth]
    private final float[] sums = new float[DotTiles.SUMS];

    float[] weights(int size) {
      if (weights.length < size) {
        weights = new float[size];
      }
      return weights;
    }
  }

  /** {@code y = activation(x * W^T + b)}, for some of the outputs. */
  static void product(
      int rows,
      float[] x,
      int xAt,
      int xStride,
      StoredMatrix matrix,
      Activation activation,
      float[] y,
      int yAt,
      int yStride,
      int from,
      int to) {
    int depth = matrix.inputs();
    int group = rows < ROWS ? FEW : MANY;
    Scratch scratch = SCRATCH.get();
    float[] weights = scratch.weights((group + FEW) * depth);
    for (int part = 0; part < matrix.parts(); part++) {
      int start = part == 0 ? 0 : matrix.end(part - 1);
      int end = Math.min(to, matrix.end(part));
      Tensor tensor = matrix.part(part);
      for (int output = Math.max(from, start); output < end; output += group) {
        int count = Math.min(group, end - output);
        unpack(tensor, output - start, count, depth, weights);
        if (rows < ROWS) {
          for (int row = 0; row < rows; row++) {
            few(
                depth,
                x,
                xAt + row * xStride,
                weights,
                0,
                count,
                scratch.sums,
                y,
                yAt + row * yStride + output);
          }
        } else {
          many(rows, depth, x, xAt, xStride, weights, count, scratch, y, yAt + output, yStride);
        }
      }
    }
    finish(rows, matrix.bias(), activation, y, yAt, yStride, from, to);
  }

  private static void unpack(Tensor tensor, int row, int rows, int depth, float[] weights) {
    DType type = tensor.type();
    if (Unpacking.knows(type)) {
      int blocks = rows * (depth / type.blockSize());
      long at = type.bytesFor((long) row * depth);
      Unpacking.unpack(type, tensor.bytes(), at, blocks, weights, 0);
    } else {
      tensor.read((long) row * depth, weights, 0, rows * depth);
    }
  }

  /** One row of x by up to eight rows of weights. Rows of the scratch that are not used are old. */
  private static void few(
      int depth,
      float[] x,
      int xAt,
      float[] w,
      int wAt,
      int count,
      float[] sums,
      float[] y,
      int at) {
    DotTiles.tile1x8(depth, x, xAt, w, wAt, sums);
    DotTiles.total(1, FEW, count, sums, y, at, 0);
  }

  private static void many(
      int rows,
      int depth,
      float[] x,
      int xAt,
      int xStride,
      float[] w,
      int count,
      Scratch scratch,
      float[] y,
      int yAt,
      int yStride) {
    int wide = LANES == 8 ? 2 : 4;
    int tiled = count - count % wide;
    for (int row = 0; row < rows; row += ROWS) {
      // The last tile reaches back over rows that are done: their result does not change.
      int first = Math.min(row, rows - ROWS);
      int x0 = xAt + first * xStride;
      int y0 = yAt + first * yStride;
      for (int output = 0; output < tiled; output += wide) {
        if (wide == 4) {
          DotTiles.tile6x4(depth, x, x0, xStride, w, output * depth, scratch.sums);
        } else {
          DotTiles.tile6x2(depth, x, x0, xStride, w, output * depth, scratch.sums);
        }
        DotTiles.total(ROWS, wide, wide, scratch.sums, y, y0 + output, yStride);
      }
    }
    for (int row = 0; tiled < count && row < rows; row++) {
      few(
          depth,
          x,
          xAt + row * xStride,
          w,
          tiled * depth,
          count - tiled,
          scratch.sums,
          y,
          yAt + row * yStride + tiled);
    }
  }

  private static void finish(
      int rows,
      float[] bias,
      Activation activation,
      float[] y,
      int yAt,
      int yStride,
      int from,
      int to) {
    for (int row = 0; row < rows; row++) {
      int at = yAt + row * yStride;
      for (int i = from; i < Math.min(to, bias.length); i++) {
        y[at + i] += bias[i];
      }
      if (activation != Activation.NONE) {
        Gates.activate(activation, to - from, y, at + from);
      }
    }
  }
}
