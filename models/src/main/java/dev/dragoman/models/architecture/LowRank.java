package dev.dragoman.models.architecture;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.PackedMatrix;
import java.util.List;

/**
 * What an adapter adds to the results of a matrix: {@code up(down(x))} (<a
 * href="https://arxiv.org/abs/2106.09685">Hu et al., 2021</a>). R is the sum of the ranks of all
 * layers that the matrix is made of.
 *
 * @param down [R, inputs]
 */
record LowRank(PackedMatrix down, List<Up> ups) {
  /**
   * One layer's way back up, its factor in the weights.
   *
   * @param matrix [outputs of the layer, its rank]
   * @param rankAt where its rank's numbers are among the R
   * @param outputAt its first output in the matrix
   */
  record Up(PackedMatrix matrix, int rankAt, int outputAt) {}

  int rank() {
    return down.outputs();
  }

  /** The most outputs of a layer. */
  int widest() {
    return ups.stream().mapToInt(up -> up.matrix().outputs()).max().orElse(0);
  }

  /**
   * Adds it to y.
   *
   * @param lowered [rows, R], overwritten
   * @param raised [rows, widest()], overwritten
   */
  void add(
      Kernels kernels,
      int rows,
      float[] x,
      int xAt,
      int xStride,
      float[] y,
      int yAt,
      int yStride,
      float[] lowered,
      float[] raised) {
    kernels.linear(rows, x, xAt, xStride, down, Activation.NONE, lowered, 0, rank());
    for (int i = 0; i < ups.size(); i++) {
      Up up = ups.get(i);
      int outputs = up.matrix().outputs();
      kernels.linear(
          rows, lowered, up.rankAt(), rank(), up.matrix(), Activation.NONE, raised, 0, outputs);
      for (int row = 0; row < rows; row++) {
        kernels.add(outputs, raised, row * outputs, y, yAt + row * yStride + up.outputAt());
      }
    }
  }
}
