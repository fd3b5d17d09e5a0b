package dev.dragoman.models.kernel.vector;

import static dev.dragoman.models.kernel.vector.Tiles.LANES;
import static dev.dragoman.models.kernel.vector.Tiles.S;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Rows;
import jdk.incubator.vector.VectorMask;

/**
 * Matrix products of rows with packed weights. Packed are panels of some vectors of columns each,
 * every panel [depth, its width].
 */
final class Products {
  /** Rows of a tile. */
  static final int ROWS = 6;

  /**
   * Vectors of a tile: 24 sums fit where there are 32 registers. With vectors of 8 lanes there are
   * usually 16.
   */
  static final int WIDE = LANES == 8 ? 2 : 4;

  /** The bias of a panel in a product that has none. */
  static final float[] ZEROS = new float[4 * LANES];

  private Products() {}

  /** A count, rounded up to whole vectors. */
  static int up(int count) {
    return (count + LANES - 1) / LANES * LANES;
  }

  static int packedSize(int outputs, int inputs) {
    return Math.multiplyExact(up(outputs), inputs);
  }

  static VectorMask<Float> first(int used) {
    return S.indexInRange(0, used);
  }

  /** The width, in vectors, of the panel that starts where so many columns are left. */
  static int panel(int left) {
    if (WIDE == 4 && left >= 4 * LANES) {
      return 4;
    }
    return left >= 2 * LANES ? 2 : 1;
  }

  /** Packs [outputs, inputs]: each row becomes a column of a panel. */
  static void packRows(
      int outputs, int inputs, float[] rows, int at, int stride, float[] out, int outAt) {
    for (int column = 0; column < outputs; ) {
      int width = panel(outputs - column) * LANES;
      int used = Math.min(width, outputs - column);
      int base = outAt + column * inputs;
      for (int c = 0; c < used; c++) {
        packColumn(inputs, rows, at + (column + c) * stride, out, base + c, width);
      }
      for (int c = used; c < width; c++) {
        for (int i = 0; i < inputs; i++) {
          out[base + i * width + c] = 0;
        }
      }
      column += width;
    }
  }

  /** Packs [outputs, inputs], read row by row into an array of zeros. */
  static void packRows(int outputs, int inputs, Rows rows, float[] out) {
    float[] row = new float[inputs];
    for (int column = 0; column < outputs; ) {
      int width = panel(outputs - column) * LANES;
      int used = Math.min(width, outputs - column);
      for (int c = 0; c < used; c++) {
        rows.read(column + c, row, 0);
        packColumn(inputs, row, 0, out, column * inputs + c, width);
      }
      column += width;
    }
  }

  private static void packColumn(
      int inputs, float[] row, int at, float[] out, int outAt, int outStride) {
    for (int i = 0; i < inputs; i++) {
      out[outAt + i * outStride] = row[at + i];
    }
  }

  /** Packs [inputs, outputs]: each row becomes a row of every panel. */
  static void packColumns(
      int outputs, int inputs, float[] rows, int at, int stride, float[] out, int outAt) {
    for (int column = 0; column < outputs; ) {
      int width = panel(outputs - column) * LANES;
      int used = Math.min(width, outputs - column);
      int base = outAt + column * inputs;
      for (int i = 0; i < inputs; i++) {
        for (int c = 0; c < used; c++) {
          out[base + i * width + c] = rows[at + i * stride + column + c];
        }
        for (int c = used; c < width; c++) {
          out[base + i * width + c] = 0;
        }
      }
      column += width;
    }
  }

  /** The first column of the panel that this column is in. */
  static int panelStart(int column, int columns) {
    int start = 0;
    while (column >= start + panel(columns - start) * LANES) {
      start += panel(columns - start) * LANES;
    }
    return start;
  }

  /** {@code y = activation(x * w + bias)}, the bias the same for all rows. */
  static void product(
      int rows,
      int depth,
      int columns,
      float[] x,
      int xAt,
      int xStride,
      float[] w,
      int wAt,
      float[] bias,
      int biasStep,
      Activation activation,
      float[] y,
      int yAt,
      int yStride) {
    panels(
        rows,
        depth,
        depth,
        columns,
        x,
        xAt,
        xStride,
        w,
        wAt,
        bias,
        0,
        biasStep,
        0,
        activation,
        y,
        yAt,
        yStride);
  }

  /** The same for some of the columns, which are whole panels. */
  static void columns(
      int rows,
      int depth,
      float[] x,
      int xAt,
      int xStride,
      float[] w,
      float[] bias,
      Activation activation,
      float[] y,
      int yAt,
      int yStride,
      int from,
      int to) {
    panels(
        rows,
        depth,
        depth,
        to - from,
        x,
        xAt,
        xStride,
        w,
        from * depth,
        bias,
        from,
        1,
        0,
        activation,
        y,
        yAt + from,
        yStride);
  }

  /** {@code y += x * w}, where w may have been packed deeper than it is used. */
  static void addProduct(
      int rows,
      int depth,
      int packedDepth,
      int columns,
      float[] x,
      int xAt,
      int xStride,
      float[] w,
      int wAt,
      float[] y,
      int yAt,
      int yStride) {
    panels(
        rows,
        depth,
        packedDepth,
        columns,
        x,
        xAt,
        xStride,
        w,
        wAt,
        y,
        yAt,
        1,
        yStride,
        Activation.NONE,
        y,
        yAt,
        yStride);
  }

  /** All of the above, for panels that start at the first column. */
  static void panels(
      int rows,
      int depth,
      int packedDepth,
      int columns,
      float[] x,
      int xAt,
      int xStride,
      float[] w,
      int wAt,
      float[] bias,
      int biasAt,
      int biasStep,
      int biasStride,
      Activation activation,
      float[] y,
      int yAt,
      int yStride) {
    // The last tile may reach back over rows that are done: their result does not change, unless
    // the product is added to it.
    int tiled = rows < ROWS ? 0 : biasStride == 0 ? rows : rows - rows % ROWS;
    for (int column = 0; column < columns; ) {
      int vectors = panel(columns - column);
      int used = Math.min(vectors * LANES, columns - column);
      int panelAt = wAt + column * packedDepth;
      int at = biasAt + column * biasStep;
      for (int row = 0; row < tiled; row += ROWS) {
        row = Math.min(row, rows - ROWS);
        int x0 = xAt + row * xStride;
        int b0 = at + row * biasStride;
        int y0 = yAt + row * yStride + column;
        switch (vectors) {
          case 4 ->
              Tiles.tile6x4(
                  depth, x, x0, xStride, w, panelAt, bias, b0, biasStride, y, y0, yStride);
          case 2 ->
              Tiles.tile6x2(
                  depth, x, x0, xStride, w, panelAt, bias, b0, biasStride, y, y0, yStride);
          default ->
              Tiles.tile6x1(
                  depth, x, x0, xStride, w, panelAt, bias, b0, biasStride, y, y0, yStride, used);
        }
      }
      for (int row = tiled; row < rows; row++) {
        int x0 = xAt + row * xStride;
        int b0 = at + row * biasStride;
        int y0 = yAt + row * yStride + column;
        switch (vectors) {
          case 4 -> Tiles.tile1x4(depth, x, x0, w, panelAt, bias, b0, y, y0);
          case 2 -> Tiles.tile1x2(depth, x, x0, w, panelAt, bias, b0, y, y0);
          default -> Tiles.tile1x1(depth, x, x0, w, panelAt, bias, b0, y, y0, used);
        }
      }
      if (activation != Activation.NONE) {
        for (int row = 0; row < rows; row++) {
          Gates.activate(activation, used, y, yAt + row * yStride + column);
        }
      }
      column += vectors * LANES;
    }
  }
}
