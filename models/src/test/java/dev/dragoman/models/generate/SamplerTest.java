package dev.dragoman.models.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.models.kernel.ScalarKernels;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final int DRAWS = 20_000;

  /** Probabilities 0.4, 0.3, 0.2, 0.06, 0.04 in another order of ids. */
  private static final float[] LOGITS = logs(0.06, 0.4, 0.04, 0.3, 0.2);

  private static final GenerateOptions DRAWN = GenerateOptions.greedy().with(o -> o.temperature(1));
  private static final long[] ALL = {};

  private final Sampler sampler = new Sampler(5, new ScalarKernels());

  private static float[] logs(double... probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.log(probabilities[i]) + 3;
    }
    return logits;
  }

  private Map<Integer, Double> shares(GenerateOptions options, long[] seen, long[] allowed) {
    RandomGenerator random = new SplittableRandom(1);
    Map<Integer, Double> shares = new TreeMap<>();
    for (int i = 0; i < DRAWS; i++) {
      shares.merge(
          sampler.draw(LOGITS, 0, options, seen, allowed, random), 1.0 / DRAWS, Double::sum);
    }
    return shares;
  }

  private static void near(Map<Integer, Double> shares, double... expected) {
    for (int id = 0; id < expected.length; id++) {
      assertThat(shares.getOrDefault(id, 0.0))
          .as("token %d", id)
          .isCloseTo(expected[id], Offset.offset(0.015));
      if (expected[id] == 0) {
        assertThat(shares).doesNotContainKey(id);
      }
    }
  }

  @Test
  void tokensComeAsOftenAsTheyAreProbable() {
    near(shares(DRAWN, ALL, ALL), 0.06, 0.4, 0.04, 0.3, 0.2);
  }

  @Test
  void theTemperatureDividesTheScores() {
    double sum = 0.06 * 0.06 + 0.16 + 0.04 * 0.04 + 0.09 + 0.04;
    near(
        shares(DRAWN.with(o -> o.temperature(0.5)), ALL, ALL),
        0.0036 / sum,
        0.16 / sum,
        0.0016 / sum,
        0.09 / sum,
        0.04 / sum);
  }

  @Test
  void topKKeepsTheMostProbable() {
    near(shares(DRAWN.with(o -> o.topK(2)), ALL, ALL), 0, 4 / 7.0, 0, 3 / 7.0, 0);
  }

  @Test
  void topPKeepsTheFewestThatReachIt() {
    near(shares(DRAWN.with(o -> o.topP(0.71)), ALL, ALL), 0, 4 / 9.0, 0, 3 / 9.0, 2 / 9.0);
    near(shares(DRAWN.with(o -> o.topP(0.1)), ALL, ALL), 0, 1, 0, 0, 0);
  }

  @Test
  void topPCountsWhatTopKLeft() {
    near(shares(DRAWN.with(o -> o.topK(3).topP(0.75)), ALL, ALL), 0, 4 / 7.0, 0, 3 / 7.0, 0);
  }

  @Test
  void minPIsAShareOfTheMostProbable() {
    near(shares(DRAWN.with(o -> o.minP(0.45)), ALL, ALL), 0, 4 / 9.0, 0, 3 / 9.0, 2 / 9.0);
  }

  @Test
  void whatIsNotAllowedNeverComes() {
    near(shares(DRAWN, ALL, new long[] {0b10101}), 0.2, 0, 0.04 / 0.3, 0, 0.2 / 0.3);
    assertThat(
            sampler.draw(
                LOGITS,
                0,
                GenerateOptions.greedy(),
                ALL,
                new long[] {0b00101},
                new SplittableRandom(1)))
        .isZero();
  }

  @Test
  void seenTokensArePenalisedAsTransformersDoes() {
    float[] scores = {2, 1.9f, -1, -1.1f, -3};
    GenerateOptions penalised = GenerateOptions.greedy().with(o -> o.repetitionPenalty(1.2));
    assertThat(
            sampler.draw(scores, 0, penalised, new long[] {0b00001}, ALL, new SplittableRandom(1)))
        .isEqualTo(1);
    assertThat(
            sampler.draw(
                scores,
                0,
                penalised,
                new long[] {0b00101},
                new long[] {0b11100},
                new SplittableRandom(1)))
        .isEqualTo(3);
  }

  @Test
  void equalScoresAreTakenInTheOrderOfIds() {
    float[] scores = {1, 5, 5, 5, 0};
    assertThat(sampler.draw(scores, 0, GenerateOptions.greedy(), ALL, ALL, new SplittableRandom(1)))
        .isEqualTo(1);
    assertThat(
            sampler.draw(scores, 0, DRAWN.with(o -> o.topK(1)), ALL, ALL, new SplittableRandom(1)))
        .isEqualTo(1);
  }
}
