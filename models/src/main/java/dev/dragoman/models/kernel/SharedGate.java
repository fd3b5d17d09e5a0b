package dev.dragoman.models.kernel;

import dev.dragoman.models.kernel.WorkTeam.Work;

/** A gated layer, shared out by rows. */
final class SharedGate implements Work {
  private final Kernels kernels;
  private final WorkTeam team;
  private Activation activation = Activation.NONE;
  private int rows;
  private int inner;
  private float[] x = new float[0];
  private int xAt;
  private int xStride;
  private int step;

  SharedGate(Kernels kernels, WorkTeam team) {
    this.kernels = kernels;
    this.team = team;
  }

  void run(Activation activation, int rows, int inner, float[] x, int xAt, int xStride) {
    this.activation = activation;
    this.rows = rows;
    this.inner = inner;
    this.x = x;
    this.xAt = xAt;
    this.xStride = xStride;
    this.step = Math.ceilDiv(rows, team.size() * ParallelKernels.PIECES);
    team.run(Math.ceilDiv(rows, step), this);
  }

  @Override
  public void piece(int piece, int thread) {
    int first = piece * step;
    int count = Math.min(step, rows - first);
    kernels.gate(activation, count, inner, x, xAt + first * xStride, xStride);
  }
}
