package dev.dragoman.models.kernel;

import dev.dragoman.models.format.Tensor;
import java.util.List;

/**
 * The weights of a linear layer, {@code y = x * W^T + b}, as they are in the file: their bytes stay
 * mapped, and kernels unpack a few rows at a time. It is good as long as the file is mapped.
 */
public final class StoredMatrix implements Matrix {
  /** What the number of inputs must be a multiple of. */
  public static final int BLOCK = 32;

  private final int outputs;
  private final int inputs;
  private final List<Tensor> parts;
  private final int[] ends;
  private final float[] bias;

  /**
   * Some matrices with the same input as one: their outputs follow one another.
   *
   * @param parts [outputs of the part, inputs] each, of types that {@link #takes}
   * @param bias [all outputs], or empty for none
   */
  public StoredMatrix(List<Tensor> parts, float[] bias) {
    this.parts = List.copyOf(parts);
    this.inputs = Math.toIntExact(parts.getFirst().shape()[1]);
    this.ends = new int[parts.size()];
    int end = 0;
    for (int i = 0; i < ends.length; i++) {
      if (!takes(parts.get(i)) || parts.get(i).shape()[1] != inputs) {
        throw new IllegalArgumentException(parts.get(i).name());
      }
      end = Math.addExact(end, Math.toIntExact(parts.get(i).shape()[0]));
      ends[i] = end;
    }
    this.outputs = end;
    this.bias = bias.clone();
  }

  /** Whether a matrix is packed in blocks that fill its rows. */
  public static boolean takes(Tensor tensor) {
    long[] shape = tensor.shape();
    return tensor.type().packed()
        && shape.length == 2
        && shape[1] % Math.max(BLOCK, tensor.type().blockSize()) == 0;
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public int inputs() {
    return inputs;
  }

  /** How many tensors it is made of. */
  public int parts() {
    return ends.length;
  }

  /** One of the tensors. */
  public Tensor part(int index) {
    return parts.get(index);
  }

  /** The output after the last one of a tensor. */
  public int end(int index) {
    return ends[index];
  }

  /** The bias; empty if there is none. */
  public float[] bias() {
    return bias;
  }

  /** Unpacks a row of the weights. */
  public void row(int row, float[] into, int at) {
    int part = 0;
    while (row >= ends[part]) {
      part++;
    }
    long start = part == 0 ? 0 : ends[part - 1];
    parts.get(part).read((row - start) * inputs, into, at, inputs);
  }
}
