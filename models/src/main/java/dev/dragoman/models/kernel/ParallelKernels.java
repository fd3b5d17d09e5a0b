package dev.dragoman.models.kernel;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Other kernels, with the products and attentions of one call shared out between threads. Every
 * number is made by the same operations whatever the number of threads. Any number of callers may
 * use it: while one has the team, the others work alone.
 */
public final class ParallelKernels extends ForwardingKernels implements AutoCloseable {
  /** Products of fewer multiplications than this are not worth sharing. */
  private static final long LEAST = 1 << 17;

  /** Pieces a thread: so that one that is late does not hold up all. */
  static final int PIECES = 4;

  private final WorkTeam team;
  private final AtomicInteger callers = new AtomicInteger();
  private final SharedLinear linear;
  private final SharedAttention attention;
  private final SharedAttend attend;
  private final SharedGate gate;

  /**
   * Starts the threads.
   *
   * @param kernels what each of them runs
   * @param threads how many, the caller's included
   */
  public ParallelKernels(Kernels kernels, int threads) {
    super(kernels);
    this.team = new WorkTeam(threads);
    this.linear = new SharedLinear(kernels, team);
    this.attention = new SharedAttention(kernels, team);
    this.attend = new SharedAttend(kernels, team);
    this.gate = new SharedGate(kernels, team);
  }

  /**
   * Says that a thread is about to call for a while. As long as more than one is, each works alone:
   * sharing would only make them wait for each other. Who never says so always shares.
   */
  public void enter() {
    callers.incrementAndGet();
  }

  /** Ends what {@link #enter} began. */
  public void leave() {
    callers.decrementAndGet();
  }

  private boolean take() {
    return team.size() > 1 && callers.get() <= 1 && team.take();
  }

  /** Ends the threads. Calls that come later are done by the caller. */
  @Override
  public void close() {
    team.close();
  }

  @Override
  public String name() {
    return kernels.name() + ", " + team.size() + (team.size() == 1 ? " thread" : " threads");
  }

  @Override
  public void linear(
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
    boolean shared = (long) rows * weights.inputs() * (to - from) >= LEAST && to - from > GRAIN;
    if (!shared || !take()) {
      kernels.linear(rows, x, xAt, xStride, weights, activation, y, yAt, yStride, from, to);
      return;
    }
    try {
      linear.run(rows, x, xAt, xStride, weights, activation, y, yAt, yStride, from, to);
    } finally {
      team.release();
    }
  }

  @Override
  public int attendScratch(CacheShape shape, int rows, int positions) {
    return Math.multiplyExact(team.size(), kernels.attendScratch(shape, rows, positions));
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
    int all = position + sight.rise(rows - 1) + 1;
    long seen = sight.window() == 0 ? all : Math.min(sight.window(), all);
    boolean shared = rows * seen * shape.headWidth() * (to - from) >= LEAST && to - from > 1;
    if (!shared || !take()) {
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
          scratchAt,
          from,
          to);
      return;
    }
    try {
      attend.run(
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
    } finally {
      team.release();
    }
  }

  @Override
  public void gate(Activation activation, int rows, int inner, float[] x, int xAt, int xStride) {
    if (rows < 2 * team.size() || !take()) {
      kernels.gate(activation, rows, inner, x, xAt, xStride);
      return;
    }
    try {
      gate.run(activation, rows, inner, x, xAt, xStride);
    } finally {
      team.release();
    }
  }

  @Override
  public int attentionScratch(int tokens, int headWidth) {
    return Math.multiplyExact(team.size(), kernels.attentionScratch(tokens, headWidth));
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
    boolean shared = (long) tokens * tokens * headWidth * (to - from) >= LEAST && to - from > 1;
    if (!shared || !take()) {
      kernels.attention(
          bias, tokens, heads, headWidth, scale, qkv, qkvAt, qkvStride, out, outAt, outStride,
          scratch, scratchAt, from, to);
      return;
    }
    try {
      attention.run(
          bias, tokens, heads, headWidth, scale, qkv, qkvAt, qkvStride, out, outAt, outStride,
          scratch, scratchAt, from, to);
    } finally {
      team.release();
    }
  }
}
