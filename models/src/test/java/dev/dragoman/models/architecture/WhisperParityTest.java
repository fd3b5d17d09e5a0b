package dev.dragoman.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.architecture.CrossScores.Head;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.CacheType;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.ScalarKernels;
import dev.dragoman.models.kernel.vector.VectorKernels;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against what transformers computes, layer by layer (made by tests/parity/whisper.py). */
class WhisperParityTest {
  private static final float SINGLE = 1e-5f;

  @ParameterizedTest
  @CsvSource({
    "plain, plain, vector, 0.00001",
    "plain, plain, scalar, 0.00001",
    "sides, sides, vector, 0.00001",
    "untied, untied, vector, 0.00001",
    "headless, headless, vector, 0.00001",
    "ct2-plain, plain, vector, 0.00001",
    "ct2-sides, sides, vector, 0.01"
  })
  void everyLayerAndTheLogitsEqualTheReference(
      String name, String goldens, String kernels, float tolerance) {
    try (Case example = open(name, goldens, kernels(kernels))) {
      Whisper model = example.model;
      boolean[] heard = new boolean[model.encoderLayers() + 1];
      float[] encoded =
          example.encode((layer, hidden) -> {
            heard[layer] = true;
            example.check("encoder." + layer, hidden, tolerance);
          });
      assertThat(heard).doesNotContain(false);
      Decoder.Session session = model.decoder().session();
      Memory memory = session.remember(encoded, 0, model.states());
      int[] ids = example.ids();
      Step step = new Step();
      step.add(
          model.decoder().sequence(ids.length, CacheType.F32, Adapter.NONE, memory),
          ids,
          0,
          ids.length,
          Step.Wanted.ALL);
      boolean[] seen = new boolean[model.decoder().layers() + 1];
      session.run(
          step,
          (layer, hidden) -> {
            seen[layer] = true;
            example.check("decoder." + layer, hidden, tolerance);
          });
      assertThat(seen).doesNotContain(false);
      if (model.decoder().hasHead()) {
        example.check("logits", session.logits(), tolerance);
      }
      assertThat(model.decoder().hasHead()).isEqualTo(!name.equals("headless"));
    }
  }

  @ParameterizedTest
  @CsvSource({"plain, vector", "plain, scalar", "sides, vector"})
  void tokensLookWhereTheyDoInTheReference(String name, String kernels) {
    try (Case example = open(name, name, kernels(kernels))) {
      Whisper model = example.model;
      float[] encoded = example.encode(Encoder.Layers.UNSEEN);
      Memory memory = model.decoder().session().remember(encoded, 0, model.states());
      List<Head> heads = new ArrayList<>();
      for (int layer = model.decoder().layers() - 1; layer >= 0; layer--) {
        heads.add(new Head(layer, 1));
        heads.add(new Head(layer, 2));
      }
      int[] ids = example.ids();
      CrossScores cross = model.crossScores();
      float[][] scores = cross.run(heads, ids, memory, encoded, model.states());
      for (int i = 0; i < heads.size(); i++) {
        float[] golden = example.golden.any("cross." + heads.get(i).layer()).floats();
        int size = ids.length * model.states();
        int at = heads.get(i).head() * size;
        assertClose(
            softmax(scores[i], model.states()),
            Arrays.copyOfRange(golden, at, at + size),
            3e-5f,
            heads.get(i).toString());
      }
      example.check("logits", cross.logits(), SINGLE);
      assertThat(cross.has(new Head(model.decoder().layers(), 0))).isFalse();
      assertThat(cross.has(new Head(0, 99))).isFalse();
      assertThat(cross.has(new Head(0, 0))).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'\"d_model\": 24', '\"d_model\": 24, \"conv_groups\": 2', conv_groups",
    "'\"max_source_positions\": 31', '\"max_source_positions\": 30', embed_positions",
    "'\"decoder_attention_heads\": 4', '\"decoder_attention_heads\": 5', decoder_attention_heads",
    "'\"num_mel_bins\": 7', '\"num_mel_bins\": 80', conv1",
    "'\"decoder_layers\": 2', '\"decoder_layers\": 1', layers.1",
    "WhisperForConditionalGeneration, WhisperForAudioClassification, architectures"
  })
  void whatChangesTheMathematicsIsRefusedByName(
      String part, String changed, String named, @TempDir Path folder) throws IOException {
    Path whole = folder("plain");
    Files.copy(whole.resolve("model.safetensors"), folder.resolve("model.safetensors"));
    String config = Files.readString(whole.resolve("config.json"));
    assertThat(config).contains(part);
    Files.writeString(folder.resolve("config.json"), config.replace(part, changed));
    try (Weights weights = Weights.open(folder)) {
      assertThatThrownBy(() -> Whisper.open(folder, weights, new ScalarKernels()))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining(named);
    }
  }

  @Test
  void aSecondSoundIsHeardAsIfThereHadBeenNoFirst() {
    try (Case example = open("plain", "plain", new VectorKernels())) {
      Whisper.Hearing hearing = example.model.hearing();
      example.fill(hearing.features());
      float[] first = hearing.run(Encoder.Layers.UNSEEN).clone();
      float[] other = hearing.features().clone();
      Arrays.fill(hearing.features(), 7, other.length - 7, 0.5f);
      hearing.run(Encoder.Layers.UNSEEN);
      example.fill(hearing.features());
      assertThat(hearing.run(Encoder.Layers.UNSEEN)).containsExactly(first);
    }
  }

  private static void assertClose(float[] actual, float[] expected, float tolerance, String what) {
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(actual[i] - expected[i]) <= tolerance * largest)) {
        throw new AssertionError(
            "%s: element %d is %s, not %s (largest %s)"
                .formatted(what, i, actual[i], expected[i], largest));
      }
    }
  }

  private static float[] softmax(float[] scores, int width) {
    float[] shares = scores.clone();
    for (int row = 0; row < shares.length; row += width) {
      double sum = 0;
      for (int i = row; i < row + width; i++) {
        sum += Math.exp(shares[i]);
      }
      for (int i = row; i < row + width; i++) {
        shares[i] = (float) (Math.exp(shares[i]) / sum);
      }
    }
    return shares;
  }

  private static Kernels kernels(String name) {
    return name.equals("vector") ? new VectorKernels() : new ScalarKernels();
  }

  private static Path folder(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(WhisperParityTest.class.getResource("whisper/" + name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Case open(String name, String goldens, Kernels kernels) {
    Weights weights = Weights.open(folder(name));
    return new Case(
        Whisper.open(folder(name), weights, kernels),
        weights,
        Weights.open(folder(goldens).resolve("golden")));
  }

  private record Case(Whisper model, Weights weights, Weights golden) implements AutoCloseable {
    int[] ids() {
      float[] floats = golden.any("ids").floats();
      int[] ids = new int[floats.length];
      Arrays.setAll(ids, i -> (int) floats[i]);
      return ids;
    }

    void fill(float[] features) {
      float[] given = golden.tensor("features", model.mels(), model.frames()).floats();
      for (int frame = 0; frame < model.frames(); frame++) {
        for (int mel = 0; mel < model.mels(); mel++) {
          features[(frame + 1) * model.mels() + mel] = given[mel * model.frames() + frame];
        }
      }
    }

    float[] encode(Encoder.Layers layers) {
      Whisper.Hearing hearing = model.hearing();
      fill(hearing.features());
      return hearing.run(layers);
    }

    void check(String name, float[] actual, float tolerance) {
      assertClose(actual, golden.any(name).floats(), tolerance, name);
    }

    @Override
    public void close() {
      golden.close();
      weights.close();
    }
  }
}
