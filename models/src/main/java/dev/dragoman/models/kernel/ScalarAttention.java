package dev.dragoman.models.kernel;

/** The meaning of attention over a whole sequence, in plain loops. */
final class ScalarAttention {
  private ScalarAttention() {}

  /** What is added to the likeness of a query and a key, before scaling. */
  @FunctionalInterface
  interface Bias {
    /** Nothing. */
    Bias NONE = (head, query, key) -> 0;

    /** For the query's and the key's positions. */
    double of(int head, int query, int key);
  }

  static void attend(
      int tokens,
      int reach,
      int heads,
      int headWidth,
      float scale,
      Bias bias,
      PositionBias positions,
      float[] qkv,
      int qkvAt,
      int qkvStride,
      float[] out,
      int outAt,
      int outStride,
      float[] scores,
      int scoresAt,
      int first,
      int last) {
    int width = heads * headWidth;
    for (int head = first; head < last; head++) {
      for (int row = 0; row < tokens; row++) {
        int from = Math.max(0, row - reach);
        int to = Math.min(tokens, row + reach + 1);
        int query = qkvAt + row * qkvStride + head * headWidth;
        double max = Double.NEGATIVE_INFINITY;
        for (int other = from; other < to; other++) {
          int key = qkvAt + other * qkvStride + width + head * headWidth;
          double dot = dot(headWidth, qkv, query, qkv, key) + bias.of(head, row, other);
          double far =
              positions == PositionBias.NONE
                  ? 0
                  : positions.table()[positions.start(head, row) + other];
          scores[scoresAt + other] = (float) (dot * scale + far);
          max = Math.max(max, scores[scoresAt + other]);
        }
        double sum = 0;
        for (int other = from; other < to; other++) {
          scores[scoresAt + other] = (float) Math.exp(scores[scoresAt + other] - max);
          sum += scores[scoresAt + other];
        }
        for (int i = 0; i < headWidth; i++) {
          double mixed = 0;
          for (int other = from; other < to; other++) {
            int value = qkvAt + other * qkvStride + 2 * width + head * headWidth;
            mixed += (double) scores[scoresAt + other] * qkv[value + i];
          }
          out[outAt + row * outStride + head * headWidth + i] = (float) (mixed / sum);
        }
      }
    }
  }

  /** The bias of disentangled attention. */
  static Bias positions(
      int heads,
      int headWidth,
      float[] qkv,
      int qkvAt,
      int qkvStride,
      RelativePositions positions) {
    int width = heads * headWidth;
    return (head, query, key) -> {
      int place = positions.bucket(query - key) * width + head * headWidth;
      int at = qkvAt + head * headWidth;
      double bias = 0;
      if (positions.keys().length > 0) {
        bias += dot(headWidth, qkv, at + query * qkvStride, positions.keys(), place);
      }
      if (positions.queries().length > 0) {
        bias += dot(headWidth, qkv, at + key * qkvStride + width, positions.queries(), place);
      }
      return bias;
    };
  }

  private static double dot(int count, float[] a, int aAt, float[] b, int bAt) {
    double dot = 0;
    for (int i = 0; i < count; i++) {
      dot += (double) a[aAt + i] * b[bAt + i];
    }
    return dot;
  }
}
