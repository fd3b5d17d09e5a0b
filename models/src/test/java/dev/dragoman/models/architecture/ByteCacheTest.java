package dev.dragoman.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.models.kernel.CacheShape;
import dev.dragoman.models.kernel.CacheType;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.ParallelKernels;
import dev.dragoman.models.kernel.vector.VectorKernels;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Decoders with keys and values in bytes. */
class ByteCacheTest {
  /**
   * How far hidden states and logits are from those with singles, beside them as vectors. A number
   * is off by half a 127th of the largest in its head's vector at most, some 0.3% of the vector's
   * length in the mean; each layer's attention adds as much again to a part of the hidden state,
   * and errors of different positions and layers cancel rather than add up.
   */
  private static final double TOLERANCE = 0.03;

  static Stream<String> names() {
    return DecoderCases.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void whatComesOutIsCloseToThatOfSingles(String name) {
    try (DecoderCases.Case example = DecoderCases.open(name, new VectorKernels())) {
      Decoder decoder = example.decoder();
      int[] ids = example.ids(2);
      float[] singles = run(decoder, CacheType.F32, ids, ids.length);
      float[] bytes = run(decoder, CacheType.INT8, ids, ids.length);
      assertThat(bytes).isNotEqualTo(singles);
      assertThat(distance(bytes, singles)).isLessThan(TOLERANCE);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void theBitsDoNotDependOnStepsThreadsOrNeighbours(String name) {
    try (ParallelKernels three = new ParallelKernels(new VectorKernels(), 3);
        DecoderCases.Case shared = DecoderCases.open(name, three);
        DecoderCases.Case example = DecoderCases.open(name, new VectorKernels())) {
      int[] ids = example.ids(2);
      float[] whole = run(example.decoder(), CacheType.INT8, ids, ids.length);
      assertThat(run(example.decoder(), CacheType.INT8, ids, 1)).containsExactly(whole);
      assertThat(run(shared.decoder(), CacheType.INT8, ids, 9)).containsExactly(whole);

      Decoder decoder = shared.decoder();
      Decoder.Session session = decoder.session();
      Sequence bytes = decoder.sequence(ids.length, CacheType.INT8);
      Sequence singles = decoder.sequence(ids.length);
      Step step = new Step();
      step.add(singles, ids, 0, 20, Step.Wanted.LAST);
      step.add(bytes, ids, 0, ids.length - 1, Step.Wanted.NONE);
      session.run(step, Encoder.Layers.UNSEEN);
      step.clear();
      step.add(singles, ids, 20, 3, Step.Wanted.LAST);
      step.add(bytes, ids[ids.length - 1]);
      session.run(step, Encoder.Layers.UNSEEN);
      int row = row(decoder);
      assertThat(Arrays.copyOfRange(result(decoder, session), row, 2 * row))
          .containsExactly(Arrays.copyOfRange(whole, whole.length - row, whole.length));
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void aTruncatedAndACopiedSequenceGoOnAsIfRunAnew(String name) {
    try (DecoderCases.Case example = DecoderCases.open(name, new VectorKernels())) {
      Decoder decoder = example.decoder();
      int[] ids = example.ids(2);
      float[] whole = run(decoder, CacheType.INT8, ids, ids.length);
      float[] last = Arrays.copyOfRange(whole, whole.length - row(decoder), whole.length);
      Decoder.Session session = decoder.session();
      Sequence sequence = decoder.sequence(ids.length, CacheType.INT8);
      Step step = new Step();
      step.add(sequence, ids, 0, ids.length, Step.Wanted.NONE);
      session.run(step, Encoder.Layers.UNSEEN);
      int shared = ids.length - 5;
      Sequence copy = decoder.sequence(ids.length, CacheType.INT8);
      copy.copy(sequence, shared);
      sequence.truncate(shared);
      for (Sequence again : new Sequence[] {copy, sequence}) {
        step.clear();
        step.add(again, ids, shared, 5, Step.Wanted.LAST);
        session.run(step, Encoder.Layers.UNSEEN);
        assertThat(Arrays.copyOf(result(decoder, session), row(decoder))).containsExactly(last);
      }
    }
  }

  @Test
  void aSequenceOfBytesTakesNothingFromOneOfSingles() {
    try (DecoderCases.Case example = DecoderCases.open("llama", new VectorKernels())) {
      Sequence singles = example.decoder().sequence(10);
      Sequence bytes = example.decoder().sequence(10, CacheType.INT8);
      assertThat(bytes.canCopy(singles)).isFalse();
      assertThat(singles.canCopy(bytes)).isFalse();
    }
  }

  @Test
  void aHeadOf64TakesALittleMoreThanAQuarterOfTheMemory() {
    Kernels kernels = new VectorKernels();
    CacheShape shape = new CacheShape(9, 3, 64);
    long singles = kernels.keyValues(shape, CacheType.F32, 1).pageBytes();
    long bytes = kernels.keyValues(shape, CacheType.INT8, 1).pageBytes();
    assertThat(bytes).isEqualTo(singles / 4 + singles / 64);
  }

  /** Logits, or states where there is no head, of all tokens given in steps of this size. */
  private static float[] run(Decoder decoder, CacheType cache, int[] ids, int size) {
    Decoder.Session session = decoder.session();
    Sequence sequence = decoder.sequence(ids.length, cache);
    float[] all = new float[ids.length * row(decoder)];
    Step step = new Step();
    for (int from = 0; from < ids.length; from += size) {
      int count = Math.min(size, ids.length - from);
      step.clear();
      step.add(sequence, ids, from, count, Step.Wanted.ALL);
      session.run(step, Encoder.Layers.UNSEEN);
      System.arraycopy(result(decoder, session), 0, all, from * row(decoder), count * row(decoder));
    }
    return all;
  }

  private static int row(Decoder decoder) {
    return decoder.hasHead() ? decoder.vocabulary() : decoder.width();
  }

  private static float[] result(Decoder decoder, Decoder.Session session) {
    return decoder.hasHead() ? session.logits() : session.states();
  }

  private static double distance(float[] actual, float[] expected) {
    double difference = 0;
    double length = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) actual[i] - expected[i], 2);
      length += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / length);
  }
}
