package dev.dragoman.models.architecture;

/**
 * How a part of a layer is put between what comes in and what goes on: {@code h = outer(h +
 * after(part(before(h))))}.
 */
record Residual(Norm before, Norm after, Norm outer) {
  /** What comes in is normalised for the part alone. */
  static Residual pre(Norm norm) {
    return new Residual(norm, Norm.NONE, Norm.NONE);
  }

  /** The sum is normalised. */
  static Residual post(Norm norm) {
    return new Residual(Norm.NONE, Norm.NONE, norm);
  }

  /** Puts what the part sees of some rows of the hidden states into {@code normed} of the pass. */
  void open(Pass pass, int row, int rows) {
    before.apply(pass.kernels, rows, pass.width, pass.hidden, row * pass.width, pass.normed, 0);
  }

  /** Adds what the part has put into {@code sum} of the pass to these rows. */
  void close(Pass pass, int row, int rows) {
    int at = row * pass.width;
    after.apply(pass.kernels, rows, pass.width, pass.sum, 0, pass.sum, 0);
    pass.kernels.add(rows * pass.width, pass.sum, 0, pass.hidden, at);
    outer.apply(pass.kernels, rows, pass.width, pass.hidden, at, pass.hidden, at);
  }
}
