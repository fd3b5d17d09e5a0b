package dev.dragoman.models.kernel;

import dev.dragoman.models.kernel.WorkTeam.Work;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Other kernels, with the products and attentions of one call shared out between threads. Every
 * number is made by the same operations whatever the number of threads. Any number of callers may
 * use it: while one has the team, the others work alone.
 */
public final class ParallelKernels implements Kernels, AutoCloseable {
  /** Products of fewer multiplications than this are not worth sharing. */
  private static final long LEAST = 1 << 17;

  /** Pieces a thread: so that one that is late does not hold up all. */
  private static final int PIECES = 4;

  private final Kernels kernels;
  private final WorkTeam team;
  private final AtomicInteger callers = new AtomicInteger();
  private final Linear linear = new Linear();
  private final Attend attend = new Attend();
  private final Gate gate = new Gate();

  /**
   * Starts the threads.
   *
   * @param kernels what each of them runs
   * @param threads how many, the caller's included
   */
  public ParallelKernels(Kernels kernels, int threads) {
    this.kernels = kernels;
    this.team = new WorkTeam(threads);
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

  private final class Linear implements Work {
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
      int grains = Math.ceilDiv(to - from, GRAIN);
      this.step = GRAIN * Math.ceilDiv(grains, team.size() * PIECES);
      team.run(Math.ceilDiv(to - from, step), this);
    }

    @Override
    public void piece(int piece, int thread) {
      int start = from + piece * step;
      int end = Math.min(to, start + step);
      kernels.linear(rows, x, xAt, xStride, weights, activation, y, yAt, yStride, start, end);
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
      int window,
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
    long seen = window == 0 ? position + rows : Math.min(window, position + rows);
    boolean shared = rows * seen * shape.headWidth() * (to - from) >= LEAST && to - from > 1;
    if (!shared || !take()) {
      kernels.attend(
          shape,
          scale,
          window,
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
          window,
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

  private final class Attend implements Work {
    private CacheShape shape = new CacheShape(1, 1, 1);
    private float scale;
    private int window;
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

    void run(
        CacheShape shape,
        float scale,
        int window,
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
      this.window = window;
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
      this.scratchSize = kernels.attendScratch(shape, rows, position + rows);
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
          window,
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

  private final class Gate implements Work {
    private Activation activation = Activation.NONE;
    private int rows;
    private int inner;
    private float[] x = new float[0];
    private int xAt;
    private int xStride;
    private int step;

    void run(Activation activation, int rows, int inner, float[] x, int xAt, int xStride) {
      this.activation = activation;
      this.rows = rows;
      this.inner = inner;
      this.x = x;
      this.xAt = xAt;
      this.xStride = xStride;
      this.step = Math.ceilDiv(rows, team.size() * PIECES);
      team.run(Math.ceilDiv(rows, step), this);
    }

    @Override
    public void piece(int piece, int thread) {
      int first = piece * step;
      int count = Math.min(step, rows - first);
      kernels.gate(activation, count, inner, x, xAt + first * xStride, xStride);
    }
  }

  @Override
  public PackedMatrix pack(int outputs, int inputs, float[] weights, float[] bias) {
    return kernels.pack(outputs, inputs, weights, bias);
  }

  @Override
  public PackedMatrix pack(int outputs, int inputs, Rows weights, float[] bias) {
    return kernels.pack(outputs, inputs, weights, bias);
  }

  @Override
  public Matrix pack(StoredMatrix stored) {
    return kernels.pack(stored);
  }

  @Override
  public int attentionScratch(int tokens, int headWidth) {
    return kernels.attentionScratch(tokens, headWidth);
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
    kernels.attention(
        tokens, heads, headWidth, scale, qkv, qkvAt, qkvStride, out, outAt, outStride, scratch);
  }

  @Override
  public void localAttention(
      int reach,
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
    kernels.localAttention(
        reach, tokens, heads, headWidth, scale, qkv, qkvAt, qkvStride, out, outAt, outStride,
        scratch);
  }

  @Override
  public int disentangledScratch(int tokens, int headWidth, RelativePositions positions) {
    return kernels.disentangledScratch(tokens, headWidth, positions);
  }

  @Override
  public void disentangledAttention(
      RelativePositions positions,
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
    kernels.disentangledAttention(
        positions, tokens, heads, headWidth, scale, qkv, qkvAt, qkvStride, out, outAt, outStride,
        scratch);
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
    kernels.addAndNormalize(rows, width, x, xAt, residual, residualAt, gain, bias, epsilon);
  }

  @Override
  public void add(int count, float[] x, int xAt, float[] out, int outAt) {
    kernels.add(count, x, xAt, out, outAt);
  }

  @Override
  public void max(int count, float[] x, int xAt, float[] out, int outAt) {
    kernels.max(count, x, xAt, out, outAt);
  }

  @Override
  public void unitLength(float[] x) {
    kernels.unitLength(x);
  }

  @Override
  public void normalize(
      int rows,
      int width,
      float[] x,
      int xAt,
      int xStride,
      float[] gain,
      float[] bias,
      float epsilon,
      float[] out,
      int outAt,
      int outStride) {
    kernels.normalize(rows, width, x, xAt, xStride, gain, bias, epsilon, out, outAt, outStride);
  }

  @Override
  public void rmsNormalize(
      int rows,
      int width,
      float[] x,
      int xAt,
      int xStride,
      float[] gain,
      float epsilon,
      float[] out,
      int outAt,
      int outStride) {
    kernels.rmsNormalize(rows, width, x, xAt, xStride, gain, epsilon, out, outAt, outStride);
  }

  @Override
  public void rotate(
      int heads,
      int headWidth,
      int rotary,
      boolean neighbours,
      float[] x,
      int xAt,
      float[] table,
      int tableAt) {
    kernels.rotate(heads, headWidth, rotary, neighbours, x, xAt, table, tableAt);
  }

  @Override
  public void activate(Activation activation, int count, float[] x, int xAt) {
    kernels.activate(activation, count, x, xAt);
  }

  @Override
  public void softCap(int count, float cap, float[] x, int xAt) {
    kernels.softCap(count, cap, x, xAt);
  }

  @Override
  public KeyValues keyValues(CacheShape shape, CacheType type, int positions) {
    return kernels.keyValues(shape, type, positions);
  }

  @Override
  public void cache(
      CacheShape shape, int rows, float[] x, int xAt, int xStride, KeyValues cache, int position) {
    kernels.cache(shape, rows, x, xAt, xStride, cache, position);
  }
}
