package dev.dragoman.models.kernel;

/**
 * The arithmetic of the engine. All matrices are row-major {@code float[]} with an offset and a
 * stride (the distance between the starts of two rows), so that a kernel works in place on a slice
 * of a larger buffer. No kernel allocates, keeps state, or reads or writes outside the rows and
 * columns it was given, and what it computes for a row does not depend on the other rows: the
 * result for a text is the same, bit by bit, in whatever batch it comes.
 *
 * <p>{@link ScalarKernels} says in plain loops what each of them means.
 */
public interface Kernels {
  /** A short name for logs and reports. */
  String name();

  /**
   * Packs the weights of a linear layer once, for use by any number of threads.
   *
   * @param outputs rows of the weights
   * @param inputs columns of the weights
   * @param weights [outputs, inputs]
   * @param bias [outputs]
   */
  PackedMatrix pack(int outputs, int inputs, float[] weights, float[] bias);

  /**
   * The same, the weights read row by row, so that there is never a second copy of all of them.
   *
   * @param bias [outputs], or empty for none
   */
  PackedMatrix pack(int outputs, int inputs, Rows weights, float[] bias);

  /**
   * Packs weights of few bits into the form in which these kernels multiply them fastest; the same
   * matrix if that is as they are.
   */
  default Matrix pack(StoredMatrix stored) {
    return stored;
  }

  /** What the first output of a part of a {@link #linear} product must be a multiple of. */
  int GRAIN = 64;

  /**
   * {@code y = activation(x * W^T + b)}.
   *
   * @param rows how many rows x and y have
   * @param x [rows, inputs]
   * @param y [rows, outputs], not overlapping x
   */
  default void linear(
      int rows,
      float[] x,
      int xAt,
      int xStride,
      Matrix weights,
      Activation activation,
      float[] y,
      int yAt,
      int yStride) {
    linear(rows, x, xAt, xStride, weights, activation, y, yAt, yStride, 0, weights.outputs());
  }

  /**
   * The same for some of the outputs; nothing else of y is written.
   *
   * @param from the first one, a multiple of {@link #GRAIN}
   * @param to where they end: a multiple of {@link #GRAIN}, or the end of all
   */
  void linear(
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
      int to);

  /** How many floats of scratch {@link #attention} wants. */
  int attentionScratch(int tokens, int headWidth);

  /**
   * Attention of every token of one sequence to every other: for each head {@code softmax(q * k^T *
   * scale + bias) * v}.
   *
   * @param qkv [tokens, 3 * heads * headWidth]: the queries of all heads, then the keys, then the
   *     values
   * @param out [tokens, heads * headWidth], not overlapping qkv
   * @param scratch at least {@link #attentionScratch} floats, overwritten
   */
  default void attention(
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
      float[] scratch) {
    attention(
        bias, tokens, heads, headWidth, scale, qkv, qkvAt, qkvStride, out, outAt, outStride,
        scratch, 0, 0, heads);
  }

  /**
   * The same for some of the heads; nothing else of out is written.
   *
   * @param scratch {@link #attentionScratch} floats from {@code scratchAt} on
   * @param from the first head
   * @param to the head after the last one
   */
  void attention(
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
      int to);

  /**
   * The same, each token seeing only those at most so far away, on either side, and itself.
   *
   * @param reach how far a token sees; 0 for itself only
   * @param scratch at least {@link #attentionScratch} floats, overwritten
   */
  void localAttention(
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
      float[] scratch);

  /** How many floats of scratch {@link #disentangledAttention} wants. */
  int disentangledScratch(int tokens, int headWidth, RelativePositions positions);

  /**
   * DeBERTa's attention: for each head {@code softmax((q * k^T + d) * scale) * v}, where d is how
   * much the query likes the key's distance, plus how much the key likes the query's.
   *
   * @param scratch at least {@link #disentangledScratch} floats, overwritten
   */
  void disentangledAttention(
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
      float[] scratch);

  /**
   * {@code x = normalise(x + residual) * gain + bias}, each row by its own mean and variance.
   *
   * @param x [rows, width] with stride width
   * @param residual [rows, width] with stride width
   * @param gain [width]
   * @param bias [width]
   * @param epsilon added to the variance
   */
  void addAndNormalize(
      int rows,
      int width,
      float[] x,
      int xAt,
      float[] residual,
      int residualAt,
      float[] gain,
      float[] bias,
      float epsilon);

  /** {@code out += x}, for {@code count} numbers. */
  void add(int count, float[] x, int xAt, float[] out, int outAt);

  /** {@code out = max(out, x)}, for {@code count} numbers. */
  void max(int count, float[] x, int xAt, float[] out, int outAt);

  /** Scales a vector to unit length; one that is all zeros stays as it is. */
  void unitLength(float[] x);

  /**
   * {@code out = normalise(x) * gain + bias}, each row by its own mean and variance.
   *
   * @param x [rows, width]
   * @param gain [width]
   * @param bias [width]
   * @param epsilon added to the variance
   * @param out [rows, width], x itself or not overlapping it
   */
  void normalize(
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
      int outStride);

  /**
   * {@code out = x / sqrt(mean(x^2) + epsilon) * gain}, for each row.
   *
   * @param x [rows, width]
   * @param gain [width]
   * @param out [rows, width], x itself or not overlapping it
   */
  void rmsNormalize(
      int rows,
      int width,
      float[] x,
      int xAt,
      int xStride,
      float[] gain,
      float epsilon,
      float[] out,
      int outAt,
      int outStride);

  /**
   * Rotary position embedding, in place: turns pairs of numbers of each head, {@code x_i = x_i *
   * c_i + x_partner(i) * s_i}.
   *
   * @param heads that follow one another in x
   * @param rotary how many numbers of each head are turned, from its start; even
   * @param neighbours whether pairs are (0, 1), (2, 3), ... and not (0, rotary / 2), (1, rotary / 2
   *     + 1), ...
   * @param x [heads, headWidth]
   * @param table [2, rotary]: the factors c, then the factors s, which have the sign in them
   */
  void rotate(
      int heads,
      int headWidth,
      int rotary,
      boolean neighbours,
      float[] x,
      int xAt,
      float[] table,
      int tableAt);

  /**
   * A gated layer: {@code gate = activation(gate) * up}, in place.
   *
   * @param x [rows, 2 * inner]: the gates of a row, then its ups; the result replaces the gates
   */
  void gate(Activation activation, int rows, int inner, float[] x, int xAt, int xStride);

  /** {@code x = activation(x)}, for {@code count} numbers. */
  void activate(Activation activation, int count, float[] x, int xAt);

  /** {@code log(sum(e^x))} of {@code count} numbers, at least 1, one of which is finite. */
  float logSum(int count, float[] x, int at);

  /** {@code x = cap * tanh(x / cap)}, for {@code count} numbers. */
  void softCap(int count, float cap, float[] x, int xAt);

  /** An empty cache of one layer's keys and values, for so many positions at most. */
  KeyValues keyValues(CacheShape shape, CacheType type, int positions);

  /**
   * Puts the keys and values of some tokens into a layer's cache.
   *
   * @param rows how many tokens
   * @param x keys at {@code xAt}, values at {@code xAt + shape.keys()} of each row
   * @param cache that {@link #keyValues} made, with the pages of these positions reserved
   * @param position of the first token
   */
  void cache(
      CacheShape shape, int rows, float[] x, int xAt, int xStride, KeyValues cache, int position);

  /** How many floats of scratch {@link #attend} wants. */
  int attendScratch(CacheShape shape, int rows, int positions);

  /**
   * Attention of some tokens that follow one another to themselves and to what was before them, out
   * of the cache: for each head {@code softmax(q * k^T * scale + bias) * v}. The result does not
   * depend on how the tokens of a sequence are spread over calls, to the last bit.
   *
   * @param sight what the tokens see
   * @param queries [rows, shape.queries()]
   * @param cache of the layer, with the keys and values of these tokens in it
   * @param position of the first token
   * @param out [rows, shape.queries()], not overlapping queries
   * @param scratch at least {@link #attendScratch} floats, overwritten
   */
  default void attend(
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
      float[] scratch) {
    attend(
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
        0,
        0,
        shape.heads());
  }

  /**
   * The same for some of the heads; nothing else of out is written.
   *
   * @param scratch {@link #attendScratch} floats from {@code scratchAt} on
   * @param from the first head
   * @param to the head after the last one
   */
  void attend(
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
      int to);

  /**
   * Products of one row with some rows of a table: {@code y_i = factor * table[rows_i] * x +
   * bias[rows_i]}.
   *
   * @param count how many rows of the table
   * @param rows which ones
   * @param table [any, width], whole numbers
   * @param bias one for each row of the table
   * @param x [width]
   * @param y [count]
   */
  void dots(
      int count,
      int[] rows,
      int width,
      byte[] table,
      float factor,
      float[] bias,
      float[] x,
      int xAt,
      float[] y,
      int yAt);

  /** The same with a table of singles: {@code y_i = table[rows_i] * x + bias[rows_i]}. */
  void dots(
      int count,
      int[] rows,
      int width,
      float[] table,
      float[] bias,
      float[] x,
      int xAt,
      float[] y,
      int yAt);
}
