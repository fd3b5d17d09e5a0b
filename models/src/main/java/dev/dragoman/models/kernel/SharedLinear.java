package dev.dragoman.models.kernel;

import dev.dragoman.models.kernel.WorkTeam.Work;

/** A matrix product, shared out by its outputs. */
final class SharedLinear implements Work {
  private final Kernels kernels;
  private final WorkTeam team;
  private int rows;
  private float[] x = new float[0];
  private int xAt;
  private int xStride;
  private Matrix weights = new PackedMatrix(0, 0, x, x);
  private Activation activation = Activation.NONE;
  private float[] y = x;
  private int yAt;
  private int yStride;
  private int from;
  private int to;
  private int step;

  SharedLinear(Kernels kernels, WorkTeam team) {
    this.kernels = kernels;
    this.team = team;
  }

  void run(
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
    this.rows = rows;
    this.x = x;
    this.xAt = xAt;
    this.xStride = xStride;
    this.weights = weights;
    this.activation = activation;
    this.y = y;
    this.yAt = yAt;
    this.yStride = yStride;
    this.from = from;
    this.to = to;
    int grains = Math.ceilDiv(to - from, Kernels.GRAIN);
    this.step = Kernels.GRAIN * Math.ceilDiv(grains, team.size() * ParallelKernels.PIECES);
    team.run(Math.ceilDiv(to - from, step), this);
  }

  @Override
  public void piece(int piece, int thread) {
    int start = from + piece * step;
    int end = Math.min(to, start + step);
    kernels.linear(rows, x, xAt, xStride, weights, activation, y, yAt, yStride, start, end);
  }
}
