package dev.dragoman.models.kernel;

import dev.dragoman.models.kernel.WorkTeam.Work;

/** Attention over a cache, shared out by heads. */
final class SharedAttend implements Work {
  private final Kernels kernels;
  private final WorkTeam team;
  private CacheShape shape = new CacheShape(1, 1, 1);
  private float scale;
  private Sight sight = Sight.BACK;
  private int rows;
  private float[] queries = new float[0];
  private int queriesAt;
  private int queriesStride;
  private KeyValues cache = new FloatKeyValues(0, 0);
  private int position;
  private float[] out = queries;
  private int outAt;
  private int outStride;
  private float[] scratch = queries;
  private int scratchAt;
  private int scratchSize;
  private int from;
  private int to;
  private int step;

  SharedAttend(Kernels kernels, WorkTeam team) {
    this.kernels = kernels;
    this.team = team;
  }

  void run(
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
    this.shape = shape;
    this.scale = scale;
    this.sight = sight;
    this.rows = rows;
    this.queries = queries;
    this.queriesAt = queriesAt;
    this.queriesStride = queriesStride;
    this.cache = cache;
    this.position = position;
    this.out = out;
    this.outAt = outAt;
    this.outStride = outStride;
    this.scratch = scratch;
    this.scratchAt = scratchAt;
    this.scratchSize = kernels.attendScratch(shape, rows, position + sight.rise(rows - 1) + 1);
    this.from = from;
    this.to = to;
    // One row: heads that share keys stay together where that leaves work for all threads.
    int group = shape.heads() / shape.kvHeads();
    this.step = rows == 1 && shape.kvHeads() >= team.size() ? group : 1;
    team.run(Math.ceilDiv(to - from, step), this);
  }

  @Override
  public void piece(int piece, int thread) {
    int start = from + piece * step;
    kernels.attend(
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
        scratchAt + thread * scratchSize,
        start,
        Math.min(to, start + step));
  }
}
