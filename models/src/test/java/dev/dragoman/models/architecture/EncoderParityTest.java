package dev.dragoman.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.ScalarKernels;
import dev.dragoman.models.kernel.vector.VectorKernels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every encoder and head against transformers, layer by layer (tests/parity/encoders.py). */
class EncoderParityTest {
  /** How far a layer may be from the reference, as a share of its largest number. */
  private static final float TOLERANCE = 1e-5f;

  static Stream<String> names() {
    return Stream.of(
        "bert-labels",
        "bert-tokens",
        "bert-masked",
        "bert-silu",
        "bert-regression",
        "distilbert",
        "distilbert-labels",
        "distilbert-tokens",
        "distilbert-masked",
        "roberta",
        "roberta-labels",
        "roberta-masked",
        "camembert-tokens",
        "deberta",
        "deberta-labels",
        "deberta-tokens",
        "deberta-masked",
        "deberta-masked-new",
        "modernbert",
        "modernbert-4",
        "modernbert-labels",
        "modernbert-first",
        "modernbert-tokens",
        "modernbert-masked",
        "xlm-roberta",
        "xlm-roberta-labels",
        "xlm-roberta-tokens");
  }

  static Stream<Arguments> checkpoints() {
    return names()
        .flatMap(name ->
            Stream.of(
                Arguments.of(name, new VectorKernels()), Arguments.of(name, new ScalarKernels())));
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void everyLayerAndHeadEqualsTheReference(String name, Kernels kernels, @TempDir Path temp)
      throws Exception {
    Path folder = SmallCheckpoint.unpack(name, temp);
    try (Weights weights = Weights.open(folder);
        Weights golden = Weights.open(folder.resolve("golden"))) {
      ModelConfig config = ModelConfig.read(folder);
      Encoder encoder = Architectures.encoder(config, weights, kernels);
      Optional<Head> head = Architectures.head(config, weights, kernels);
      assertThat(head.isPresent()).isEqualTo(golden.has("logits.0"));
      Batch batch = SmallCheckpoint.batch(golden);
      int[] layers = new int[1];
      float[] last =
          encoder
              .session()
              .run(
                  batch,
                  (layer, hidden) -> {
                    assertThat(layer).isEqualTo(layers[0]++);
                    for (int s = 0; s < batch.sequences(); s++) {
                      assertClose(
                          slice(hidden, batch, s, encoder.width()),
                          golden.any("hidden." + s + "." + layer).floats(),
                          "sequence %d after layer %d".formatted(s, layer));
                    }
                  });
      assertThat(golden.has("hidden.0." + (layers[0] - 1))).isTrue();
      assertThat(golden.has("hidden.0." + layers[0])).isFalse();
      for (int s = 0; s < batch.sequences(); s++) {
        assertClose(
            slice(last, batch, s, encoder.width()), golden.any("last." + s).floats(), "last " + s);
        if (head.isPresent()) {
          assertClose(
              flat(head.get().logits(last, batch.start(s), batch.start(s + 1))),
              golden.any("logits." + s).floats(),
              "logits " + s);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void aSequenceGivesTheSameBitsAloneAndInABatch(String name, @TempDir Path temp) throws Exception {
    Path folder = SmallCheckpoint.unpack(name, temp);
    try (Weights weights = Weights.open(folder);
        Weights golden = Weights.open(folder.resolve("golden"))) {
      Encoder encoder =
          Architectures.encoder(ModelConfig.read(folder), weights, new VectorKernels());
      Batch together = SmallCheckpoint.batch(golden);
      float[] all = encoder.session().run(together, Encoder.Layers.UNSEEN).clone();
      Encoder.Session session = encoder.session();
      for (int s = together.sequences() - 1; s >= 0; s--) {
        Batch alone = new Batch();
        SmallCheckpoint.addTo(alone, golden, s);
        float[] one = session.run(alone, Encoder.Layers.UNSEEN);
        assertThat(slice(one, alone, 0, encoder.width()))
            .containsExactly(slice(all, together, s, encoder.width()));
      }
    }
  }

  private static float[] slice(float[] hidden, Batch batch, int sequence, int width) {
    return Arrays.copyOfRange(
        hidden, batch.start(sequence) * width, batch.start(sequence + 1) * width);
  }

  private static float[] flat(float[][] rows) {
    float[] all = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, all, i * rows[0].length, rows[0].length);
    }
    return all;
  }

  private static void assertClose(float[] actual, float[] expected, String what) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(actual[i] - expected[i]))
          .as("%s, element %d: %s, expected %s", what, i, actual[i], expected[i])
          .isLessThan(TOLERANCE * largest);
    }
  }
}
