package dev.dragoman.models.kernel;

import dev.dragoman.models.kernel.WorkTeam.Work;

/** Attention of a whole sequence, shared out by heads. */
final class SharedAttention implements Work {
  private final Kernels kernels;
  private final WorkTeam team;
  private PositionBias bias = PositionBias.NONE;
  private int tokens;
  private int heads;
  private int headWidth;
  private float scale;
  private float[] qkv = new float[0];
  private int qkvAt;
  private int qkvStride;
  private float[] out = qkv;
  private int outAt;
  private int outStride;
  private float[] scratch = qkv;
  private int scratchAt;
  private int from;
  private int scratchSize;

  SharedAttention(Kernels kernels, WorkTeam team) {
    this.kernels = kernels;
    this.team = team;
  }

  void run(
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
    this.bias = bias;
    this.tokens = tokens;
    this.heads = heads;
    this.headWidth = headWidth;
    this.scale = scale;
    this.qkv = qkv;
    this.qkvAt = qkvAt;
    this.qkvStride = qkvStride;
    this.out = out;
    this.outAt = outAt;
    this.outStride = outStride;
    this.scratch = scratch;
    this.scratchAt = scratchAt;
    this.from = from;
    this.scratchSize = kernels.attentionScratch(tokens, headWidth);
    team.run(to - from, this);
  }

  @Override
  public void piece(int piece, int thread) {
    int start = from + piece;
    kernels.attention(
        bias,
        tokens,
        heads,
        headWidth,
        scale,
        qkv,
        qkvAt,
        qkvStride,
        out,
        outAt,
        outStride,
        scratch,
        scratchAt + thread * scratchSize,
        start,
        start + 1);
  }
}
