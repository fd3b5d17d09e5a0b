package dev.dragoman.models.kernel;

/** Other kernels, for those who do some of it in their own way. */
abstract class ForwardingKernels implements Kernels {
  final Kernels kernels;

  ForwardingKernels(Kernels kernels) {
    this.kernels = kernels;
  }

  @Override
  public PackedMatrix pack(int outputs, int inputs, float[] weights, float[] bias) {
    return kernels.pack(outputs, inputs, weights, bias);
  }

  @Override
  public PackedMatrix pack(int outputs, int inputs, Rows weights, float[] bias) {
    return kernels.pack(outputs, inputs, weights, bias);
  }

  @Override
  public Matrix pack(StoredMatrix stored) {
    return kernels.pack(stored);
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
    kernels.localAttention(
        reach, tokens, heads, headWidth, scale, qkv, qkvAt, qkvStride, out, outAt, outStride,
        scratch);
  }

  @Override
  public int disentangledScratch(int tokens, int headWidth, RelativePositions positions) {
    return kernels.disentangledScratch(tokens, headWidth, positions);
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
    kernels.disentangledAttention(
        positions, tokens, heads, headWidth, scale, qkv, qkvAt, qkvStride, out, outAt, outStride,
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
    kernels.addAndNormalize(rows, width, x, xAt, residual, residualAt, gain, bias, epsilon);
  }

  @Override
  public void add(int count, float[] x, int xAt, float[] out, int outAt) {
    kernels.add(count, x, xAt, out, outAt);
  }

  @Override
  public void max(int count, float[] x, int xAt, float[] out, int outAt) {
    kernels.max(count, x, xAt, out, outAt);
  }

  @Override
  public void unitLength(float[] x) {
    kernels.unitLength(x);
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
    kernels.normalize(rows, width, x, xAt, xStride, gain, bias, epsilon, out, outAt, outStride);
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
    kernels.rmsNormalize(rows, width, x, xAt, xStride, gain, epsilon, out, outAt, outStride);
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
    kernels.rotate(heads, headWidth, rotary, neighbours, x, xAt, table, tableAt);
  }

  @Override
  public void activate(Activation activation, int count, float[] x, int xAt) {
    kernels.activate(activation, count, x, xAt);
  }

  @Override
  public void softCap(int count, float cap, float[] x, int xAt) {
    kernels.softCap(count, cap, x, xAt);
  }

  @Override
  public KeyValues keyValues(CacheShape shape, CacheType type, int positions) {
    return kernels.keyValues(shape, type, positions);
  }

  @Override
  public void cache(
      CacheShape shape, int rows, float[] x, int xAt, int xStride, KeyValues cache, int position) {
    kernels.cache(shape, rows, x, xAt, xStride, cache, position);
  }

  @Override
  public float logSum(int count, float[] x, int at) {
    return kernels.logSum(count, x, at);
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
    kernels.dots(count, rows, width, table, factor, bias, x, xAt, y, yAt);
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
    kernels.dots(count, rows, width, table, bias, x, xAt, y, yAt);
  }
}
