package dev.dragoman.models.kernel.vector;

import static dev.dragoman.models.kernel.vector.Tiles.LANES;
import static dev.dragoman.models.kernel.vector.Tiles.S;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.PackedMatrix;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/** The kernels in vectors of the width that this machine prefers. */
public final class VectorKernels implements Kernels {
  /** Rows of a tile. */
  private static final int ROWS = 6;

  /**
   * Vectors of a tile: 24 sums fit where there are 32 registers. With vectors of 8 lanes there are
   * usually 16.
   */
  private static final int WIDE = LANES == 8 ? 2 : 4;

  /** Rows of queries whose scores are held at once. */
  private static final int QUERIES = 16 * ROWS;

  /** Turns a vector by half its lanes, by a quarter, and so on down to one lane. */
  private static final List<VectorShuffle<Float>> TURNS = turns();

  /** The only kind there is. */
  public VectorKernels() {}

  private static List<VectorShuffle<Float>> turns() {
    List<VectorShuffle<Float>> turns = new ArrayList<>();
    for (int half = LANES / 2; half >= 1; half /= 2) {
      int by = half;
      turns.add(VectorShuffle.fromOp(S, lane -> (lane + by) % LANES));
    }
    return List.copyOf(turns);
  }

  /**
   * The sum of the lanes, always in the same order. That of {@code reduceLanes} depends on whether
   * the method has been compiled yet, and with it the last bit.
   */
  private static float sum(FloatVector v) {
    FloatVector sum = v;
    for (int i = 0; i < TURNS.size(); i++) {
      sum = sum.add(sum.rearrange(TURNS.get(i)));
    }
    return sum.lane(0);
  }

  @Override
  public String name() {
    return "vector, " + LANES + " lanes";
  }

  @Override
  public PackedMatrix pack(int outputs, int inputs, float[] weights, float[] bias) {
    float[] data = new float[packedSize(outputs, inputs)];
    packRows(outputs, inputs, weights, 0, inputs, data, 0);
    float[] padded = new float[up(outputs)];
    System.arraycopy(bias, 0, padded, 0, outputs);
    return new PackedMatrix(outputs, inputs, data, padded);
  }

  /** A count, rounded up to whole vectors. */
  private static int up(int count) {
    return (count + LANES - 1) / LANES * LANES;
  }

  private static int packedSize(int outputs, int inputs) {
    return Math.multiplyExact(up(outputs), inputs);
  }

  /** The width, in vectors, of the panel that starts where so many columns are left. */
  private static int panel(int left) {
    if (WIDE == 4 && left >= 4 * LANES) {
      return 4;
    }
    return left >= 2 * LANES ? 2 : 1;
  }

  /** Packs [outputs, inputs]: each row becomes a column of a panel. */
  private static void packRows(
      int outputs, int inputs, float[] rows, int at, int stride, float[] out, int outAt) {
    for (int column = 0; column < outputs; ) {
      int width = panel(outputs - column) * LANES;
      int used = Math.min(width, outputs - column);
      int base = outAt + column * inputs;
      for (int c = 0; c < used; c++) {
        int row = at + (column + c) * stride;
        for (int i = 0; i < inputs; i++) {
          out[base + i * width + c] = rows[row + i];
        }
      }
      for (int c = used; c < width; c++) {
        for (int i = 0; i < inputs; i++) {
          out[base + i * width + c] = 0;
        }
      }
      column += width;
    }
  }

  /** Packs [inputs, outputs]: each row becomes a row of every panel. */
  private static void packColumns(
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

  @Override
  public void linear(
      int rows,
      float[] x,
      int xAt,
      int xStride,
      PackedMatrix weights,
      Activation activation,
      float[] y,
      int yAt,
      int yStride) {
    product(
        rows,
        weights.inputs(),
        weights.outputs(),
        x,
        xAt,
        xStride,
        weights.data(),
        0,
        weights.bias(),
        1,
        activation,
        y,
        yAt,
        yStride);
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
      float[] bias,
      int biasStep,
      Activation activation,
      float[] y,
      int yAt,
      int yStride) {
    for (int column = 0; column < columns; ) {
      int vectors = panel(columns - column);
      int used = Math.min(vectors * LANES, columns - column);
      int panelAt = wAt + column * depth;
      int row = 0;
      if (rows >= ROWS) {
        while (row < rows) {
          // The last tile reaches back over rows that are done: their result does not change.
          row = Math.min(row, rows - ROWS);
          int from = xAt + row * xStride;
          int to = yAt + row * yStride + column;
          switch (vectors) {
            case 4 ->
                Tiles.tile6x4(
                    depth, x, from, xStride, w, panelAt, bias, column * biasStep, y, to, yStride);
            case 2 ->
                Tiles.tile6x2(
                    depth, x, from, xStride, w, panelAt, bias, column * biasStep, y, to, yStride);
            default ->
                Tiles.tile6x1(
                    depth,
                    x,
                    from,
                    xStride,
                    w,
                    panelAt,
                    bias,
                    column * biasStep,
                    y,
                    to,
                    yStride,
                    used);
          }
          row += ROWS;
        }
      }
      for (; row < rows; row++) {
        int from = xAt + row * xStride;
        int to = yAt + row * yStride + column;
        switch (vectors) {
          case 4 ->
              Tiles.tile1x4(
                  depth, x, from, xStride, w, panelAt, bias, column * biasStep, y, to, yStride);
          case 2 ->
              Tiles.tile1x2(
                  depth, x, from, xStride, w, panelAt, bias, column * biasStep, y, to, yStride);
          default ->
              Tiles.tile1x1(
                  depth,
                  x,
                  from,
                  xStride,
                  w,
                  panelAt,
                  bias,
                  column * biasStep,
                  y,
                  to,
                  yStride,
                  used);
        }
      }
      if (activation != Activation.NONE) {
        for (int done = 0; done < rows; done++) {
          activate(activation, used, y, yAt + done * yStride + column);
        }
      }
      column += vectors * LANES;
    }
  }

  private static VectorMask<Float> first(int used) {
    return S.indexInRange(0, used);
  }

  private static void activate(Activation activation, int count, float[] y, int at) {
    switch (activation) {
      case NONE -> {}
      case RELU -> relu(count, y, at);
      case GELU -> gelu(count, y, at);
    }
  }

  private static void relu(int count, float[] y, int at) {
    for (int i = 0; i < count; i += LANES) {
      VectorMask<Float> m = first(count - i);
      FloatVector.fromArray(S, y, at + i, m).max(0).intoArray(y, at + i, m);
    }
  }

  private static void gelu(int count, float[] y, int at) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      Curves.gelu(FloatVector.fromArray(S, y, at + i)).intoArray(y, at + i);
    }
    if (i < count) {
      VectorMask<Float> m = first(count - i);
      Curves.gelu(FloatVector.fromArray(S, y, at + i, m)).intoArray(y, at + i, m);
    }
  }

  @Override
  public int attentionScratch(int tokens, int headWidth) {
    int keys = packedSize(tokens, headWidth);
    int values = packedSize(headWidth, tokens);
    int scores = Math.multiplyExact(Math.min(QUERIES, Math.max(tokens, ROWS)), up(tokens));
    return Math.addExact(Math.addExact(keys, values), scores);
  }

  /** The bias of a panel in a product that has none. */
  private static final float[] ZEROS = new float[4 * LANES];

  @Override
  public void attention(
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
      float[] scratch) {
    int width = heads * headWidth;
    int keys = 0;
    int values = keys + packedSize(tokens, headWidth);
    int scores = values + packedSize(headWidth, tokens);
    int stride = up(tokens);
    for (int head = 0; head < heads; head++) {
      int query = qkvAt + head * headWidth;
      packRows(tokens, headWidth, qkv, query + width, qkvStride, scratch, keys);
      packColumns(headWidth, tokens, qkv, query + 2 * width, qkvStride, scratch, values);
      for (int row = 0; row < tokens; row += QUERIES) {
        int rows = Math.min(QUERIES, tokens - row);
        product(
            rows,
            headWidth,
            tokens,
            qkv,
            query + row * qkvStride,
            qkvStride,
            scratch,
            keys,
            ZEROS,
            0,
            Activation.NONE,
            scratch,
            scores,
            stride);
        for (int r = 0; r < rows; r++) {
          softmax(tokens, scale, scratch, scores + r * stride);
        }
        product(
            rows,
            tokens,
            headWidth,
            scratch,
            scores,
            stride,
            scratch,
            values,
            ZEROS,
            0,
            Activation.NONE,
            out,
            outAt + row * outStride + head * headWidth,
            outStride);
      }
    }
  }

  private static void softmax(int count, float scale, float[] x, int at) {
    int whole = S.loopBound(count);
    VectorMask<Float> rest = first(count - whole);
    FloatVector max = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    int i = 0;
    for (; i < whole; i += LANES) {
      max = max.max(FloatVector.fromArray(S, x, at + i));
    }
    if (i < count) {
      max = max.lanewise(VectorOperators.MAX, FloatVector.fromArray(S, x, at + i, rest), rest);
    }
    float top = max.reduceLanes(VectorOperators.MAX);
    FloatVector sum = FloatVector.zero(S);
    for (i = 0; i < whole; i += LANES) {
      FloatVector e = Curves.exp(FloatVector.fromArray(S, x, at + i).sub(top).mul(scale));
      sum = sum.add(e);
      e.intoArray(x, at + i);
    }
    if (i < count) {
      FloatVector e = Curves.exp(FloatVector.fromArray(S, x, at + i, rest).sub(top).mul(scale));
      sum = sum.add(e, rest);
      e.intoArray(x, at + i, rest);
    }
    float factor = 1 / sum(sum);
    for (i = 0; i < whole; i += LANES) {
      FloatVector.fromArray(S, x, at + i).mul(factor).intoArray(x, at + i);
    }
    if (i < count) {
      FloatVector.fromArray(S, x, at + i, rest).mul(factor).intoArray(x, at + i, rest);
    }
  }

  @Override
  public void addAndNormalize(
      int rows,
      int width,
      float[] x,
      int xAt,
      float[] residual,
      int residualAt,
      float[] gain,
      float[] bias,
      float epsilon) {
    for (int row = 0; row < rows; row++) {
      normalizeRow(
          width, x, xAt + row * width, residual, residualAt + row * width, gain, bias, epsilon);
    }
  }

  private static void normalizeRow(
      int width,
      float[] x,
      int at,
      float[] residual,
      int residualAt,
      float[] gain,
      float[] bias,
      float epsilon) {
    int whole = S.loopBound(width);
    FloatVector sum = FloatVector.zero(S);
    int i = 0;
    for (; i < whole; i += LANES) {
      FloatVector v =
          FloatVector.fromArray(S, x, at + i)
              .add(FloatVector.fromArray(S, residual, residualAt + i));
      v.intoArray(x, at + i);
      sum = sum.add(v);
    }
    float total = sum(sum);
    for (; i < width; i++) {
      x[at + i] += residual[residualAt + i];
      total += x[at + i];
    }
    float mean = total / width;
    FloatVector squares = FloatVector.zero(S);
    for (i = 0; i < whole; i += LANES) {
      FloatVector v = FloatVector.fromArray(S, x, at + i).sub(mean);
      squares = v.fma(v, squares);
    }
    float variance = sum(squares);
    for (; i < width; i++) {
      variance += (x[at + i] - mean) * (x[at + i] - mean);
    }
    float factor = (float) (1 / Math.sqrt(variance / width + epsilon));
    for (i = 0; i < whole; i += LANES) {
      FloatVector.fromArray(S, x, at + i)
          .sub(mean)
          .mul(factor)
          .fma(FloatVector.fromArray(S, gain, i), FloatVector.fromArray(S, bias, i))
          .intoArray(x, at + i);
    }
    for (; i < width; i++) {
      x[at + i] = (x[at + i] - mean) * factor * gain[i] + bias[i];
    }
  }

  @Override
  public void add(int count, float[] x, int xAt, float[] out, int outAt) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector.fromArray(S, out, outAt + i)
          .add(FloatVector.fromArray(S, x, xAt + i))
          .intoArray(out, outAt + i);
    }
    for (; i < count; i++) {
      out[outAt + i] += x[xAt + i];
    }
  }

  @Override
  public void max(int count, float[] x, int xAt, float[] out, int outAt) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector.fromArray(S, out, outAt + i)
          .max(FloatVector.fromArray(S, x, xAt + i))
          .intoArray(out, outAt + i);
    }
    for (; i < count; i++) {
      out[outAt + i] = Math.max(out[outAt + i], x[xAt + i]);
    }
  }

  @Override
  public void unitLength(float[] x) {
    int whole = S.loopBound(x.length);
    FloatVector squares = FloatVector.zero(S);
    int i = 0;
    for (; i < whole; i += LANES) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      squares = v.fma(v, squares);
    }
    double sum = sum(squares);
    for (; i < x.length; i++) {
      sum += (double) x[i] * x[i];
    }
    if (sum > 0) {
      float factor = (float) (1 / Math.sqrt(sum));
      for (i = 0; i < x.length; i++) {
        x[i] *= factor;
      }
    }
  }
}
