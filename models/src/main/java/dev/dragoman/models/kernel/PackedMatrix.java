package dev.dragoman.models.kernel;

/**
 * The weights of a linear layer, {@code y = x * W^T + b}, in the order in which one kernel reads
 * them. Only the kernels that packed it can use it. It is never changed, so threads share it.
 */
public final class PackedMatrix implements Matrix {
  private final int outputs;
  private final int inputs;
  private final float[] data;
  private final float[] bias;

  /**
   * For kernels.
   *
   * @param outputs rows of W
   * @param inputs columns of W
   * @param data W in the kernel's own order
   * @param bias b, at least as many as outputs
   */
  public PackedMatrix(int outputs, int inputs, float[] data, float[] bias) {
    this.outputs = outputs;
    this.inputs = inputs;
    this.data = data;
    this.bias = bias;
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public int inputs() {
    return inputs;
  }

  /** The weights, for the kernel that packed them. */
  public float[] data() {
    return data;
  }

  /** The bias, for the kernel that packed them. */
  public float[] bias() {
    return bias;
  }
}
