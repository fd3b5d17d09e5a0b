package dev.dragoman.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.ScalarKernels;
import dev.dragoman.models.kernel.vector.VectorKernels;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Against what transformers computes, layer by layer (made by tests/parity/decoders.py). */
class DecoderParityTest {
  static Stream<Arguments> everywhere() {
    return DecoderCases.names()
        .flatMap(name ->
            Stream.of(
                Arguments.of(name, new VectorKernels()), Arguments.of(name, new ScalarKernels())));
  }

  static Stream<String> names() {
    return DecoderCases.names();
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void everyLayerAndTheLogitsEqualTheReference(String name, Kernels kernels) {
    try (DecoderCases.Case example = DecoderCases.open(name, kernels)) {
      Decoder decoder = example.decoder();
      Decoder.Session session = decoder.session();
      for (int n = 0; n < DecoderCases.SEQUENCES; n++) {
        int sequence = n;
        int[] ids = example.ids(n);
        Step step = new Step();
        step.add(decoder.sequence(ids.length), ids, 0, ids.length, Step.Wanted.ALL);
        boolean[] seen = new boolean[decoder.layers() + 1];
        session.run(
            step,
            (layer, hidden) -> {
              seen[layer] = true;
              DecoderCases.assertClose(
                  hidden,
                  example.golden("hidden." + sequence + "." + layer, ids.length, decoder.width()),
                  "sequence %d after layer %d".formatted(sequence, layer));
            });
        assertThat(seen).doesNotContain(false);
        DecoderCases.assertClose(
            session.states(),
            example.golden("hidden." + n + "." + decoder.layers(), ids.length, decoder.width()),
            "final states of sequence " + n);
        if (decoder.hasHead()) {
          DecoderCases.assertClose(
              session.logits(),
              example.golden("logits." + n, ids.length, decoder.vocabulary()),
              "logits of sequence " + n);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void prefillAtOnceInPartsTokenByTokenAndInABatchGiveTheSameBits(String name) {
    try (DecoderCases.Case example = DecoderCases.open(name, new VectorKernels())) {
      Decoder decoder = example.decoder();
      Decoder.Session session = decoder.session();
      int[] ids = example.ids(2);
      Step step = new Step();
      step.add(decoder.sequence(ids.length), ids, 0, ids.length, Step.Wanted.ALL);
      session.run(step, Encoder.Layers.UNSEEN);
      float[] whole = Arrays.copyOf(session.states(), ids.length * decoder.width());

      assertThat(inParts(decoder, session, ids, 1)).containsExactly(whole);
      assertThat(inParts(decoder, session, ids, 7)).containsExactly(whole);

      // Together with another sequence that is one token ahead.
      Sequence first = decoder.sequence(ids.length);
      Sequence second = decoder.sequence(ids.length);
      step.clear();
      step.add(second, ids, 0, 1, Step.Wanted.NONE);
      session.run(step, Encoder.Layers.UNSEEN);
      step.clear();
      step.add(first, ids, 0, ids.length, Step.Wanted.LAST);
      step.add(second, ids[1]);
      session.run(step, Encoder.Layers.UNSEEN);
      assertThat(step.wanted()).isEqualTo(2);
      assertThat(Arrays.copyOf(session.states(), decoder.width()))
          .containsExactly(row(whole, ids.length - 1, decoder.width()));
      assertThat(row(session.states(), 1, decoder.width()))
          .containsExactly(row(whole, 1, decoder.width()));
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void aTruncatedAndACopiedSequenceGoOnAsIfRunAnew(String name) {
    try (DecoderCases.Case example = DecoderCases.open(name, new VectorKernels())) {
      Decoder decoder = example.decoder();
      Decoder.Session session = decoder.session();
      int[] ids = example.ids(2);
      Sequence sequence = decoder.sequence(ids.length);
      Step step = new Step();
      step.add(sequence, ids, 0, ids.length, Step.Wanted.LAST);
      session.run(step, Encoder.Layers.UNSEEN);
      float[] last = Arrays.copyOf(session.states(), decoder.width());
      int shared = ids.length - 5;
      Sequence copy = decoder.sequence(ids.length);
      copy.copy(sequence, shared);
      sequence.truncate(shared);
      for (Sequence again : new Sequence[] {copy, sequence}) {
        step.clear();
        step.add(again, ids, shared, 5, Step.Wanted.LAST);
        session.run(step, Encoder.Layers.UNSEEN);
        assertThat(Arrays.copyOf(session.states(), decoder.width())).containsExactly(last);
      }
    }
  }

  private static float[] inParts(Decoder decoder, Decoder.Session session, int[] ids, int size) {
    Sequence sequence = decoder.sequence(ids.length);
    float[] states = new float[ids.length * decoder.width()];
    Step step = new Step();
    for (int from = 0; from < ids.length; from += size) {
      int count = Math.min(size, ids.length - from);
      step.clear();
      step.add(sequence, ids, from, count, Step.Wanted.ALL);
      session.run(step, Encoder.Layers.UNSEEN);
      System.arraycopy(
          session.states(), 0, states, from * decoder.width(), count * decoder.width());
    }
    return states;
  }

  private static float[] row(float[] rows, int index, int width) {
    return Arrays.copyOfRange(rows, index * width, (index + 1) * width);
  }
}
