package dev.dragoman.models.kernel;

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
    int inputs = weights.inputs();
    for (int row = 0; row < rows; row++) {
      for (int output = 0; output < weights.outputs(); output++) {
        double sum = weights.bias()[output];
        for (int i = 0; i < inputs; i++) {
          sum += (double) x[xAt + row * xStride + i] * weights.data()[output * inputs + i];
        }
        y[yAt + row * yStride + output] = (float) activated(activation, sum);
      }
    }
  }

  private static double activated(Activation activation, double x) {
    return switch (activation) {
      case NONE -> x;
      case RELU -> Math.max(x, 0);
      case GELU -> 0.5 * x * (1 + Erf.of(x / Math.sqrt(2)));
    };
  }

  @Override
  public int attentionScratch(int tokens, int headWidth) {
    return tokens;
  }

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
    for (int head = 0; head < heads; head++) {
      for (int row = 0; row < tokens; row++) {
        int query = qkvAt + row * qkvStride + head * headWidth;
        double max = Double.NEGATIVE_INFINITY;
        for (int other = 0; other < tokens; other++) {
          int key = qkvAt + other * qkvStride + width + head * headWidth;
          double dot = 0;
          for (int i = 0; i < headWidth; i++) {
            dot += (double) qkv[query + i] * qkv[key + i];
          }
          scratch[other] = (float) (dot * scale);
          max = Math.max(max, scratch[other]);
        }
        double sum = 0;
        for (int other = 0; other < tokens; other++) {
          scratch[other] = (float) Math.exp(scratch[other] - max);
          sum += scratch[other];
        }
        for (int i = 0; i < headWidth; i++) {
          double mixed = 0;
          for (int other = 0; other < tokens; other++) {
            int value = qkvAt + other * qkvStride + 2 * width + head * headWidth;
            mixed += (double) scratch[other] * qkv[value + i];
          }
          out[outAt + row * outStride + head * headWidth + i] = (float) (mixed / sum);
        }
      }
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
}
