package dev.dragoman.models.kernel.vector;

import static dev.dragoman.models.kernel.vector.Products.packRows;
import static dev.dragoman.models.kernel.vector.Products.packedSize;
import static dev.dragoman.models.kernel.vector.Products.up;
import static dev.dragoman.models.kernel.vector.Tiles.LANES;
import static dev.dragoman.models.kernel.vector.Tiles.S;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.BlockMatrix;
import dev.dragoman.models.kernel.CacheShape;
import dev.dragoman.models.kernel.CacheType;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.KeyValues;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.kernel.PackedMatrix;
import dev.dragoman.models.kernel.PositionBias;
import dev.dragoman.models.kernel.RelativePositions;
import dev.dragoman.models.kernel.Rows;
import dev.dragoman.models.kernel.Sight;
import dev.dragoman.models.kernel.StoredMatrix;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** The kernels in vectors of the width that this machine prefers. */
public final class VectorKernels implements Kernels {
  private final boolean keepStored;

  /** Kernels that pack weights into the form they multiply fastest. */
  public VectorKernels() {
    this(false);
  }

  /**
   * The same, with a choice.
   *
   * @param keepStored whether weights in blocks of few bits stay in their file, mapped: slower, but
   *     they take no memory of their own
   */
  public VectorKernels(boolean keepStored) {
    this.keepStored = keepStored;
  }

  @Override
  public String name() {
    String name = "vector, " + LANES * Float.SIZE + " bits, " + LANES + " lanes";
    return keepStored ? name + ", weights mapped" : name;
  }

  @Override
  public PackedMatrix pack(int outputs, int inputs, float[] weights, float[] bias) {
    float[] data = new float[packedSize(outputs, inputs)];
    packRows(outputs, inputs, weights, 0, inputs, data, 0);
    return new PackedMatrix(outputs, inputs, data, Arrays.copyOf(bias, up(outputs)));
  }

  @Override
  public PackedMatrix pack(int outputs, int inputs, Rows weights, float[] bias) {
    float[] data = new float[packedSize(outputs, inputs)];
    packRows(outputs, inputs, weights, data);
    return new PackedMatrix(outputs, inputs, data, Arrays.copyOf(bias, up(outputs)));
  }

  @Override
  public Matrix pack(StoredMatrix stored) {
    return keepStored || !BlockProducts.possible() || !BlockMatrix.takes(stored)
        ? stored
        : new BlockMatrix(stored, LANES);
  }

  @Override
  public void linear(
      int rows,
      float[] x,
      int xAt,
      int xStride,
      Matrix weights,
      Activation activation,
      float[] y,
      int yAt,
      int yStride,
      int from,
      int to) {
    switch (weights) {
      case PackedMatrix packed ->
          Products.columns(
              rows,
              packed.inputs(),
              x,
              xAt,
              xStride,
              packed.data(),
              packed.bias(),
              activation,
              y,
              yAt,
              yStride,
              from,
              to);
      case StoredMatrix stored ->
          StoredProducts.product(
              rows, x, xAt, xStride, stored, activation, y, yAt, yStride, from, to);
      case BlockMatrix blocks ->
          BlockProducts.product(
              rows, x, xAt, xStride, blocks, activation, y, yAt, yStride, from, to);
    }
  }

  @Override
  public int attentionScratch(int tokens, int headWidth) {
    return EncoderAttention.scratch(tokens, headWidth);
  }

  @Override
  public void attention(
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
      int from,
      int to) {
    EncoderAttention.attend(
        bias, tokens, heads, headWidth, scale, qkv, qkvAt, qkvStride, out, outAt, outStride,
        scratch, scratchAt, from, to);
  }

  @Override
  public float logSum(int count, float[] x, int at) {
    return RowMath.logSum(count, x, at);
  }

  @Override
  public void localAttention(
      int reach,
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
    EncoderAttention.attendNear(
        tokens, reach, heads, headWidth, scale, qkv, qkvAt, qkvStride, out, outAt, outStride,
        scratch);
  }

  @Override
  public int disentangledScratch(int tokens, int headWidth, RelativePositions positions) {
    return EncoderAttention.scratch(tokens, headWidth, positions);
  }

  @Override
  public void disentangledAttention(
      RelativePositions positions,
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
    EncoderAttention.attendDisentangled(
        tokens, heads, headWidth, scale, positions, qkv, qkvAt, qkvStride, out, outAt, outStride,
        scratch);
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
      RowMath.addAndNormalize(
          width, x, xAt + row * width, residual, residualAt + row * width, gain, bias, epsilon);
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
    double sum = RowMath.sum(squares);
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

  @Override
  public void normalize(
      int rows,
      int width,
      float[] x,
      int xAt,
      int xStride,
      float[] gain,
      float[] bias,
      float epsilon,
      float[] out,
      int outAt,
      int outStride) {
    for (int row = 0; row < rows; row++) {
      RowMath.normalize(
          width, x, xAt + row * xStride, gain, bias, epsilon, out, outAt + row * outStride);
    }
  }

  @Override
  public void rmsNormalize(
      int rows,
      int width,
      float[] x,
      int xAt,
      int xStride,
      float[] gain,
      float epsilon,
      float[] out,
      int outAt,
      int outStride) {
    for (int row = 0; row < rows; row++) {
      RowMath.rmsNormalize(
          width, x, xAt + row * xStride, gain, epsilon, out, outAt + row * outStride);
    }
  }

  @Override
  public void rotate(
      int heads,
      int headWidth,
      int rotary,
      boolean neighbours,
      float[] x,
      int xAt,
      float[] table,
      int tableAt) {
    for (int head = 0; head < heads; head++) {
      if (neighbours) {
        RowMath.rotatePairs(rotary, x, xAt + head * headWidth, table, tableAt);
      } else {
        RowMath.rotateHalves(rotary, x, xAt + head * headWidth, table, tableAt);
      }
    }
  }

  @Override
  public void gate(Activation activation, int rows, int inner, float[] x, int xAt, int xStride) {
    for (int row = 0; row < rows; row++) {
      int at = xAt + row * xStride;
      Gates.activate(activation, inner, x, at);
      Gates.multiply(inner, x, at + inner, x, at);
    }
  }

  @Override
  public void activate(Activation activation, int count, float[] x, int xAt) {
    Gates.activate(activation, count, x, xAt);
  }

  @Override
  public void softCap(int count, float cap, float[] x, int xAt) {
    Gates.softCap(count, cap, x, xAt);
  }

  @Override
  public KeyValues keyValues(CacheShape shape, CacheType type, int positions) {
    return CachedAttention.create(shape, type, positions);
  }

  @Override
  public void cache(
      CacheShape shape, int rows, float[] x, int xAt, int xStride, KeyValues cache, int position) {
    CachedAttention.cache(shape, rows, x, xAt, xStride, cache, position);
  }

  @Override
  public int attendScratch(CacheShape shape, int rows, int positions) {
    return CachedAttention.scratch(shape, rows, positions);
  }

  @Override
  public void attend(
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
    CachedAttention.attend(
        shape,
        scale,
        sight,
        rows,
        queries,
        queriesAt,
        queriesStride,
        cache,
        position,
        out,
        outAt,
        outStride,
        scratch,
        scratchAt,
        from,
        to);
  }

  @Override
  public void dots(
      int count,
      int[] rows,
      int width,
      byte[] table,
      float factor,
      float[] bias,
      float[] x,
      int xAt,
      float[] y,
      int yAt) {
    ChosenRows.dots(count, rows, width, table, factor, bias, x, xAt, y, yAt);
  }

  @Override
  public void dots(
      int count,
      int[] rows,
      int width,
      float[] table,
      float[] bias,
      float[] x,
      int xAt,
      float[] y,
      int yAt) {
    ChosenRows.dots(count, rows, width, table, bias, x, xAt, y, yAt);
  }
}
