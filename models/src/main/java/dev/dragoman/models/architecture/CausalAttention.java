package dev.dragoman.models.architecture;

import dev.dragoman.models.kernel.Activation;
import dev.dragoman.models.kernel.CacheShape;
import dev.dragoman.models.kernel.KeyValues;
import dev.dragoman.models.kernel.Matrix;
import dev.dragoman.models.kernel.Sight;

/**
 * Attention of each token to itself and to what was before it, with heads of queries that share
 * heads of keys and values (<a href="https://arxiv.org/abs/2305.13245">paper</a>). Q is the width
 * of all queries of a token, K that of all keys.
 *
 * @param queryKeyValue [Q + 2K, H]
 * @param out [H, Q]
 * @param queryNorm of each head's query
 * @param keyNorm of each head's key
 * @param rope which of the model's rotary embeddings turns queries and keys; -1 for none
 * @param scale of the scores
 * @param sight what a token sees of those before it; if all see the same, they see each other too
 */
record CausalAttention(
    CacheShape shape,
    Matrix queryKeyValue,
    Matrix out,
    Norm queryNorm,
    Norm keyNorm,
    int rope,
    float scale,
    Sight sight) {
  static final int NO_ROPE = -1;

  /**
   * Without a bias.
   *
   * @param window how many positions a token sees, itself included; 0 for all
   */
  CausalAttention(
      CacheShape shape,
      Matrix queryKeyValue,
      Matrix out,
      Norm queryNorm,
      Norm keyNorm,
      int rope,
      float scale,
      int window) {
    this(shape, queryKeyValue, out, queryNorm, keyNorm, rope, scale, Sight.last(window));
  }

  /** How many numbers a token is projected to. */
  int projected() {
    return queryKeyValue.outputs();
  }

  /**
   * Queries, keys and values of some tokens, the first two normalised and turned.
   *
   * @param normed [rows, H]
   * @param token the first one's index in the pass
   */
  void project(Pass pass, int rows, float[] normed, int token) {
    int all = projected();
    int at = token * all;
    float[] projected = pass.projected; // [T, Q + 2K]
    pass.linear(
        token,
        rows,
        normed,
        0,
        queryKeyValue.inputs(),
        queryKeyValue,
        Activation.NONE,
        projected,
        at,
        all);
    int width = shape.headWidth();
    for (int row = 0; row < rows; row++) {
      int query = at + row * all;
      int key = query + shape.queries();
      if (queryNorm != Norm.NONE) {
        queryNorm.apply(pass.kernels, shape.heads(), width, projected, query, projected, query);
        keyNorm.apply(pass.kernels, shape.kvHeads(), width, projected, key, projected, key);
      }
      if (rope != NO_ROPE) {
        RotaryEmbedding rotary = pass.rope(rope);
        float[] table = pass.table(rope);
        int tableAt = (token + row) * 2 * rotary.width();
        // Keys follow the queries, so all heads are turned in one go.
        pass.kernels.rotate(
            shape.heads() + shape.kvHeads(),
            width,
            rotary.width(),
            rotary.neighbours(),
            projected,
            query,
            table,
            tableAt);
      }
    }
  }

  /** Lets the tokens of each sequence look back; the result is in [T, Q] of the pass. */
  void mix(Pass pass, int layer) {
    Step step = pass.step();
    int all = projected();
    for (int i = 0; i < step.sequences(); i++) {
      Sequence sequence = step.sequence(i);
      int start = step.start(i);
      int rows = step.end(i) - start;
      KeyValues cache = sequence.cache(layer);
      int position = sequence.length();
      int at = start * all;
      pass.kernels.cache(shape, rows, pass.projected, at + shape.queries(), all, cache, position);
      pass.kernels.attend(
          shape,
          scale,
          sight,
          rows,
          pass.projected,
          at,
          all,
          cache,
          sight.together() ? position + rows - 1 : position,
          pass.mixed,
          start * shape.queries(),
          shape.queries(),
          pass.scratch);
    }
  }
}
