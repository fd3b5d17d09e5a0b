package dev.dragoman.models.kernel;

import java.util.Arrays;

/**
 * The meaning of each kernel in plain loops, summed in double precision. Slow: it is what the fast
 * kernels are tested against, and a way out (on request only) where the vector module is missing.
 */
public final class ScalarKernels implements Kernels {
  /** The only kind there is. */
  public ScalarKernels() {}

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public PackedMatrix pack(int outputs, int inputs, float[] weights, float[] bias) {
    return new PackedMatrix(outputs, inputs, weights.clone(), bias.clone());
  }

  @Override
  public PackedMatrix pack(int outputs, int inputs, Rows weights, float[] bias) {
    float[] data = new float[Math.multiplyExact(outputs, inputs)];
    for (int row = 0; row < outputs; row++) {
      weights.read(row, data, row * inputs);
    }
    return new PackedMatrix(outputs, inputs, data, Arrays.copyOf(bias, outputs));
  }

  @Override
  public void linear(
      int rows,
      float[] x,
      int xAt,
      int xStride,
      Matrix matrix,
      Activation activation,
      float[] y,
      int yAt,
      int yStride,
      int from,
      int to) {
    int inputs = matrix.inputs();
    float[] weights = new float[inputs];
    for (int output = from; output < to; output++) {
      double start =
          switch (matrix) {
            case PackedMatrix packed -> {
              System.arraycopy(packed.data(), output * inputs, weights, 0, inputs);
              yield packed.bias()[output];
            }
            case StoredMatrix stored -> {
              stored.row(output, weights, 0);
              yield stored.bias().length == 0 ? 0 : stored.bias()[output];
            }
            case BlockMatrix blocks -> {
              blocks.row(output, weights);
              yield blocks.bias()[output];
            }
          };
      for (int row = 0; row < rows; row++) {
        double sum = start;
        for (int i = 0; i < inputs; i++) {
          sum += (double) x[xAt + row * xStride + i] * weights[i];
        }
        y[yAt + row * yStride + output] = (float) activated(activation, sum);
      }
    }
  }

  private static double activated(Activation activation, double x) {
    return switch (activation) {
      case NONE -> x;
      case RELU -> Math.max(x, 0);
      case TANH -> Math.tanh(x);
      case GELU -> 0.5 * x * (1 + Erf.of(x / Math.sqrt(2)));
      case GELU_TANH ->
          0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case SILU -> x / (1 + Math.exp(-x));
      case GELU_QUICK -> x / (1 + Math.exp(-1.702 * x));
      case SIGMOID -> 1 / (1 + Math.exp(-x));
    };
  }

  @Override
  public int attentionScratch(int tokens, int headWidth) {
    return tokens;
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
    ScalarAttention.attend(
        tokens,
        tokens,
        heads,
        headWidth,
        scale,
        ScalarAttention.Bias.NONE,
        bias,
        qkv,
        qkvAt,
        qkvStride,
        out,
        outAt,
        outStride,
        scratch,
        scratchAt,
        from,
        to);
  }

  @Override
  public float logSum(int count, float[] x, int at) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = at; i < at + count; i++) {
      max = Math.max(max, x[i]);
    }
    double sum = 0;
    for (int i = at; i < at + count; i++) {
      sum += Math.exp(x[i] - max);
    }
    return (float) (max + Math.log(sum));
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
    ScalarAttention.attend(
        tokens,
        reach,
        heads,
        headWidth,
        scale,
        ScalarAttention.Bias.NONE,
        PositionBias.NONE,
        qkv,
        qkvAt,
        qkvStride,
        out,
        outAt,
        outStride,
        scratch,
        0,
        0,
        heads);
  }

  @Override
  public int disentangledScratch(int tokens, int headWidth, RelativePositions positions) {
    return tokens;
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
    ScalarAttention.Bias bias =
        ScalarAttention.positions(heads, headWidth, qkv, qkvAt, qkvStride, positions);
    ScalarAttention.attend(
        tokens,
        tokens,
        heads,
        headWidth,
        scale,
        bias,
        PositionBias.NONE,
        qkv,
        qkvAt,
        qkvStride,
        out,
        outAt,
        outStride,
        scratch,
        0,
        0,
        heads);
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
      int at = xAt + row * width;
      double mean = 0;
      for (int i = 0; i < width; i++) {
        x[at + i] += residual[residualAt + row * width + i];
        mean += x[at + i];
      }
      mean /= width;
      double variance = 0;
      for (int i = 0; i < width; i++) {
        variance += (x[at + i] - mean) * (x[at + i] - mean);
      }
      double factor = 1 / Math.sqrt(variance / width + epsilon);
      for (int i = 0; i < width; i++) {
        x[at + i] = (float) ((x[at + i] - mean) * factor * gain[i] + bias[i]);
      }
    }
  }

  @Override
  public void add(int count, float[] x, int xAt, float[] out, int outAt) {
    for (int i = 0; i < count; i++) {
      out[outAt + i] += x[xAt + i];
    }
  }

  @Override
  public void max(int count, float[] x, int xAt, float[] out, int outAt) {
    for (int i = 0; i < count; i++) {
      out[outAt + i] = Math.max(out[outAt + i], x[xAt + i]);
    }
  }

  @Override
  public void unitLength(float[] x) {
    double squares = 0;
    for (float value : x) {
      squares += (double) value * value;
    }
    double length = Math.sqrt(squares);
    if (length > 0) {
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) (x[i] / length);
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
    float[] zeros = new float[width];
    for (int row = 0; row < rows; row++) {
      int to = outAt + row * outStride;
      System.arraycopy(x, xAt + row * xStride, out, to, width);
      addAndNormalize(1, width, out, to, zeros, 0, gain, bias, epsilon);
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
      int at = xAt + row * xStride;
      double squares = 0;
      for (int i = 0; i < width; i++) {
        squares += (double) x[at + i] * x[at + i];
      }
      double factor = 1 / Math.sqrt(squares / width + epsilon);
      for (int i = 0; i < width; i++) {
        out[outAt + row * outStride + i] = (float) (x[at + i] * factor * gain[i]);
      }
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
      int at = xAt + head * headWidth;
      float[] before = Arrays.copyOfRange(x, at, at + rotary);
      for (int i = 0; i < rotary; i++) {
        int partner = neighbours ? i ^ 1 : (i + rotary / 2) % rotary;
        x[at + i] = before[i] * table[tableAt + i] + before[partner] * table[tableAt + rotary + i];
      }
    }
  }

  @Override
  public void gate(Activation activation, int rows, int inner, float[] x, int xAt, int xStride) {
    for (int row = 0; row < rows; row++) {
      int at = xAt + row * xStride;
      for (int i = 0; i < inner; i++) {
        x[at + i] = (float) (activated(activation, x[at + i]) * x[at + inner + i]);
      }
    }
  }

  @Override
  public void activate(Activation activation, int count, float[] x, int xAt) {
    for (int i = 0; i < count; i++) {
      x[xAt + i] = (float) activated(activation, x[xAt + i]);
    }
  }

  @Override
  public void softCap(int count, float cap, float[] x, int xAt) {
    for (int i = 0; i < count; i++) {
      x[xAt + i] = (float) (cap * Math.tanh((double) x[xAt + i] / cap));
    }
  }

  @Override
  public KeyValues keyValues(CacheShape shape, CacheType type, int positions) {
    return ScalarCache.create(shape, type, positions);
  }

  @Override
  public void cache(
      CacheShape shape, int rows, float[] x, int xAt, int xStride, KeyValues cache, int position) {
    ScalarCache.cache(shape, rows, x, xAt, xStride, cache, position);
  }

  @Override
  public int attendScratch(CacheShape shape, int rows, int positions) {
    return positions;
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
    ScalarCache.attend(
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
    for (int i = 0; i < count; i++) {
      float sum = 0;
      for (int j = 0; j < width; j++) {
        sum += table[rows[i] * width + j] * x[xAt + j];
      }
      y[yAt + i] = factor * sum + bias[rows[i]];
    }
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
    for (int i = 0; i < count; i++) {
      float sum = 0;
      for (int j = 0; j < width; j++) {
        sum += table[rows[i] * width + j] * x[xAt + j];
      }
      y[yAt + i] = sum + bias[rows[i]];
    }
  }
}
