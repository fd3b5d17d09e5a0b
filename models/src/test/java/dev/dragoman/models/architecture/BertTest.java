package dev.dragoman.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.ScalarKernels;
import dev.dragoman.models.kernel.vector.VectorKernels;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Against what transformers computes, layer by layer (made by tests/parity/bert.py). */
class BertTest {
  private static final int SEQUENCES = 5;

  static Stream<Arguments> checkpoints() {
    return Stream.of(
            "even",
            "odd",
            "one-head",
            "narrow-heads",
            "masked-lm",
            "half",
            "sharded-bfloat",
            "sentences")
        .flatMap(name ->
            Stream.of(
                Arguments.of(name, new VectorKernels()), Arguments.of(name, new ScalarKernels())));
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void everyLayerEqualsTheReference(String name, Kernels kernels) throws Exception {
    Path folder = folder(name);
    try (Weights weights = Weights.open(folder);
        Weights golden = Weights.open(folder.resolve("golden"))) {
      Encoder bert = Architectures.encoder(ModelConfig.read(folder), weights, kernels);
      Batch batch = batch(golden);
      boolean[] seen = new boolean[64];
      float[] last =
          bert.session()
              .run(
                  batch,
                  (layer, hidden) -> {
                    seen[layer] = true;
                    for (int s = 0; s < SEQUENCES; s++) {
                      assertThat(hidden(hidden, batch, s, bert.width()))
                          .as("sequence %d after layer %d", s, layer)
                          .satisfies(close(expected(golden, batch, s, layer, bert.width())));
                    }
                  });
      int layers = ModelConfig.read(folder).positive("num_hidden_layers");
      assertThat(seen).startsWith(allTrue(layers + 1));
      assertThat(hidden(last, batch, 0, bert.width()))
          .satisfies(close(expected(golden, batch, 0, layers, bert.width())));
    }
  }

  @Test
  void aSequenceGivesTheSameBitsAloneAndInABatch() throws Exception {
    Path folder = folder("odd");
    try (Weights weights = Weights.open(folder);
        Weights golden = Weights.open(folder.resolve("golden"))) {
      Encoder bert = Architectures.encoder(ModelConfig.read(folder), weights, new VectorKernels());
      Batch together = batch(golden);
      float[] all = bert.session().run(together, Encoder.Layers.UNSEEN).clone();
      Encoder.Session session = bert.session();
      for (int s = 0; s < SEQUENCES; s++) {
        Batch alone = new Batch();
        alone.add(ids(golden, s));
        float[] one = session.run(alone, Encoder.Layers.UNSEEN);
        assertThat(hidden(one, alone, 0, bert.width()))
            .containsExactly(hidden(all, together, s, bert.width()));
      }
    }
  }

  @Test
  void aTensorThatBertDoesNotHaveIsRefusedByName(@TempDir Path temp) throws Exception {
    copy(folder("even"), temp);
    Path file = temp.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    replace(bytes, "pooler.dense.bias", "encoder.extra.bia");
    Files.write(file, bytes);
    assertRefused(temp, "encoder.extra.bia");
  }

  @Test
  void aTensorThatIsMissingIsNamed(@TempDir Path temp) throws Exception {
    copy(folder("even"), temp);
    Path file = temp.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    replace(bytes, "encoder.layer.1.output.dense.bias", "encoder.layer.1.output.dense.biaz");
    Files.write(file, bytes);
    assertRefused(temp, "encoder.layer.1.output.dense.bias");
  }

  @Test
  void whatWouldChangeTheMathematicsIsRefusedByName(@TempDir Path temp) throws Exception {
    for (List<String> change :
        List.of(
            List.of("\"is_decoder\": false", "\"is_decoder\": true", "is_decoder"),
            List.of("\"hidden_act\": \"gelu\"", "\"hidden_act\": \"selu\"", "hidden_act"),
            List.of("\"BertModel\"", "\"BertForSomethingElse\"", "architectures"),
            List.of("\"model_type\": \"bert\"", "\"model_type\": \"mamba\"", "model_type"),
            List.of("\"use_cache\": true", "\"sliding_window\": 128", "sliding_window"),
            List.of(
                "\"use_cache\": true",
                "\"position_embedding_type\": \"relative_key\"",
                "position_embedding_type"),
            List.of(
                "\"use_cache\": true",
                "\"quantization_config\": {\"a\": 1}",
                "quantization_config"),
            List.of("\"num_attention_heads\": 4", "\"num_attention_heads\": 5", "attention_heads"),
            List.of("\"num_attention_heads\": 4", "\"num_attention_heads\": 0", "attention_heads"),
            List.of("\"layer_norm_eps\": 1e-12", "\"layer_norm_eps\": \"x\"", "layer_norm_eps"),
            List.of("\"hidden_size\": 32", "\"hidden_size\": 2000000000", "hidden_size"),
            List.of("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 2", "encoder.layer.2."),
            List.of("\"vocab_size\": 50", "\"vocab_size\": 51", "word_embeddings"))) {
      copy(folder("even"), temp);
      Path config = temp.resolve("config.json");
      String text = Files.readString(config);
      assertThat(text).contains(change.get(0));
      Files.writeString(config, text.replace(change.get(0), change.get(1)));
      assertRefused(temp, change.get(2).equals("hidden_size") ? "" : change.get(2));
    }
  }

  private static void assertRefused(Path folder, String what) {
    assertThatThrownBy(
            () -> {
              try (Weights weights = Weights.open(folder)) {
                Architectures.encoder(ModelConfig.read(folder), weights, new ScalarKernels());
              }
            })
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(what);
  }

  private static Path folder(String name) throws URISyntaxException {
    return Path.of(Objects.requireNonNull(BertTest.class.getResource("bert/" + name)).toURI());
  }

  private static void copy(Path from, Path to) throws IOException {
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.deleteIfExists(to.resolve(name));
      Files.copy(from.resolve(name), to.resolve(name));
    }
  }

  private static void replace(byte[] bytes, String old, String now) {
    int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(old);
    assertThat(at).isPositive();
    System.arraycopy(
        now.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), 0, bytes, at, now.length());
  }

  private static Batch batch(Weights golden) {
    Batch batch = new Batch();
    for (int s = 0; s < SEQUENCES; s++) {
      int[] ids = ids(golden, s);
      int[] types = ints(golden, "types." + s, ids.length);
      int second = 0;
      while (second < types.length && types[second] == 0) {
        second++;
      }
      batch.addPair(ids, second);
    }
    return batch;
  }

  private static int[] ids(Weights golden, int sequence) {
    return ints(golden, "ids." + sequence, new int[] {1, 2, 5, 17, 33}[sequence]);
  }

  private static int[] ints(Weights golden, String name, int length) {
    float[] floats = golden.tensor(name, length).floats();
    int[] ints = new int[floats.length];
    Arrays.setAll(ints, i -> (int) floats[i]);
    return ints;
  }

  private static float[] expected(Weights golden, Batch batch, int s, int layer, int width) {
    return golden
        .tensor("hidden." + s + "." + layer, batch.start(s + 1) - batch.start(s), width)
        .floats();
  }

  private static float[] hidden(float[] hidden, Batch batch, int sequence, int width) {
    return Arrays.copyOfRange(
        hidden, batch.start(sequence) * width, batch.start(sequence + 1) * width);
  }

  private static boolean[] allTrue(int count) {
    boolean[] all = new boolean[count];
    Arrays.fill(all, true);
    return all;
  }

  private static org.assertj.core.api.ThrowingConsumer<float[]> close(float[] expected) {
    return actual -> {
      assertThat(actual).hasSameSizeAs(expected);
      float largest = 0;
      for (float value : expected) {
        largest = Math.max(largest, Math.abs(value));
      }
      for (int i = 0; i < expected.length; i++) {
        assertThat(Math.abs(actual[i] - expected[i]))
            .as("element %d: %s, expected %s", i, actual[i], expected[i])
            .isLessThan(4e-6f * largest);
      }
    };
  }
}
