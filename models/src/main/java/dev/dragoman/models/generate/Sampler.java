package dev.dragoman.models.generate;

import dev.dragoman.models.generate.Generated.Candidate;
import dev.dragoman.models.generate.Generated.TokenScores;
import dev.dragoman.models.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Draws a token from the scores a model gives. Equal scores are taken in the order of ids, so that
 * the same scores and draws give the same token. For one thread.
 */
final class Sampler {
  private final int vocabulary;
  private final Kernels kernels;
  private final float[] scores;
  private final double[] weights;
  private final long[] ranked;
  private int count;

  Sampler(int vocabulary, Kernels kernels) {
    this.kernels = kernels;
    this.vocabulary = vocabulary;
    this.scores = new float[vocabulary];
    this.weights = new double[vocabulary];
    this.ranked = new long[vocabulary];
  }

  /**
   * Draws one.
   *
   * @param logits one score for each token, from {@code at}
   * @param seen the tokens that are there already, a bit for each
   * @param allowed the tokens that may come, a bit for each; empty for all
   */
  int draw(
      float[] logits,
      int at,
      GenerateOptions options,
      long[] seen,
      long[] allowed,
      RandomGenerator random) {
    if (options.temperature() == 0 && options.repetitionPenalty() == 1 && allowed.length == 0) {
      return best(logits, at, vocabulary);
    }
    System.arraycopy(logits, at, scores, 0, vocabulary);
    if (options.repetitionPenalty() != 1) {
      penalise(seen, (float) options.repetitionPenalty());
    }
    if (allowed.length > 0) {
      forbid(allowed);
    }
    int best = best(scores, 0, vocabulary);
    if (options.temperature() == 0) {
      return best;
    }
    rank(options, best);
    return drawRanked(options, random.nextDouble());
  }

  private void penalise(long[] seen, float penalty) {
    for (int word = 0; word < seen.length; word++) {
      for (long bits = seen[word]; bits != 0; bits &= bits - 1) {
        int id = word * Long.SIZE + Long.numberOfTrailingZeros(bits);
        scores[id] = scores[id] < 0 ? scores[id] * penalty : scores[id] / penalty;
      }
    }
  }

  private void forbid(long[] allowed) {
    for (int id = 0; id < vocabulary; id++) {
      if ((allowed[id >> 6] & 1L << id) == 0) {
        scores[id] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  /** The first of the highest. */
  static int best(float[] scores, int at, int count) {
    int best = 0;
    for (int id = 1; id < count; id++) {
      if (scores[at + id] > scores[at + best]) {
        best = id;
      }
    }
    return best;
  }

  /**
   * Fills {@code ranked} with the tokens that may be drawn, sorted so that the most probable is
   * last, and {@code weights} with what each id weighs.
   */
  private void rank(GenerateOptions options, int best) {
    double scale = 1 / options.temperature();
    float highest = scores[best];
    double sum = 0;
    for (int id = 0; id < vocabulary; id++) {
      weights[id] = Math.exp((scores[id] - highest) * scale);
      sum += weights[id];
    }
    // What weighs less than this cannot be among the most probable that make up top_p.
    double least = options.minP();
    if (options.topK() == 0 && options.topP() < 1) {
      least = Math.max(least, (1 - options.topP()) * sum / vocabulary);
    }
    count = 0;
    for (int id = 0; id < vocabulary; id++) {
      if (weights[id] >= least && weights[id] > 0) {
        ranked[count++] = key(weights[id], id);
      }
    }
    boolean all = options.topK() == 0 && options.topP() == 1;
    if (all) {
      return;
    }
    Arrays.sort(ranked, 0, count);
    int from = 0;
    if (options.topK() > 0 && options.topK() < count) {
      from = count - options.topK();
      sum = 0;
      for (int i = from; i < count; i++) {
        sum += weights[id(ranked[i])];
      }
    }
    if (options.topP() < 1) {
      double enough = options.topP() * sum;
      double so = 0;
      int i = count;
      while (i > from && so < enough) {
        so += weights[id(ranked[--i])];
      }
      from = i;
    }
    count -= from;
    System.arraycopy(ranked, from, ranked, 0, count);
  }

  private int drawRanked(GenerateOptions options, double draw) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += weights[id(ranked[i])];
    }
    double left = draw * sum;
    for (int i = count - 1; i > 0; i--) {
      left -= weights[id(ranked[i])];
      if (left < 0) {
        return id(ranked[i]);
      }
    }
    return id(ranked[0]);
  }

  /** Sorts by weight, and of equal weights the lower id last; weights are from 0 to 1. */
  private static long key(double weight, int id) {
    return (long) Float.floatToRawIntBits((float) weight) << 32 | (~id & 0xFFFFFFFFL);
  }

  private static int id(long key) {
    return ~(int) key;
  }

  /** What the model itself thinks of a token, and of the most probable ones. */
  TokenScores scores(float[] logits, int at, int id, int most) {
    double logSum = kernels.logSum(vocabulary, logits, at);
    return new TokenScores(id, logits[at + id] - logSum, top(logits, at, vocabulary, most, logSum));
  }

  private static List<Candidate> top(
      float[] logits, int at, int vocabulary, int most, double logSum) {
    List<Candidate> top = new ArrayList<>();
    for (int id = 0; id < vocabulary && most > 0; id++) {
      double score = logits[at + id] - logSum;
      if (top.size() == most && score <= top.getLast().logProbability()) {
        continue;
      }
      int place = top.size();
      while (place > 0 && top.get(place - 1).logProbability() < score) {
        place--;
      }
      top.add(place, new Candidate(id, score));
      if (top.size() > most) {
        top.removeLast();
      }
    }
    return List.copyOf(top);
  }
}
