package dev.dragoman.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.ScalarKernels;
import dev.dragoman.models.kernel.vector.VectorKernels;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** GGUF files (made by tests/parity/gguf_decoders.py) against what transformers computes. */
class GgufDecoderTest {
  private final Kernels kernels = new VectorKernels();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama-biases",
        "llama-llama3",
        "llama-linear",
        "llama-yarn",
        "qwen2",
        "qwen3",
        "phi3-partial",
        "phi3-long",
        "gpt2"
      })
  void everyLayerEqualsThatOfTheCheckpointItWasMadeFrom(String name) throws Exception {
    Path path = path(name);
    try (DecoderCases.Case example = DecoderCases.open(name, kernels);
        Weights weights = Weights.open(path)) {
      Decoder decoder = Architectures.decoder(path, weights, kernels);
      Decoder.Session session = decoder.session();
      for (int n = 0; n < DecoderCases.SEQUENCES; n++) {
        int sequence = n;
        int[] ids = example.ids(n);
        Step step = new Step();
        step.add(decoder.sequence(ids.length), ids, 0, ids.length, Step.Wanted.ALL);
        session.run(
            step,
            (layer, hidden) ->
                DecoderCases.assertClose(
                    hidden,
                    example.golden("hidden." + sequence + "." + layer, ids.length, decoder.width()),
                    "sequence %d after layer %d".formatted(sequence, layer)));
        DecoderCases.assertClose(
            session.logits(),
            example.golden("logits." + n, ids.length, decoder.vocabulary()),
            "logits of sequence " + n);
      }
    }
  }

  @Test
  void aKeyOfTheArchitectureThatIsNotKnownIsRefusedByName(@TempDir Path temp) throws Exception {
    assertRefused(temp, "qwen2.rope.freq_base", "qwen2.rope.freq_bass");
    assertRefused(temp, "blk.1.ffn_up.weight", "blk.1.ffn_op.weight");
  }

  private static void assertRefused(Path temp, String old, String now) throws Exception {
    byte[] bytes = Files.readAllBytes(path("qwen2"));
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(old);
    assertThat(at).isPositive();
    System.arraycopy(now.getBytes(StandardCharsets.ISO_8859_1), 0, bytes, at, now.length());
    Path file = Files.write(temp.resolve("changed.gguf"), bytes);
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(ModelException.class)
        .hasMessageMatching("(?s).*(" + now + "|mlp.up_proj.weight).*");
  }

  private static void open(Path file) throws IOException {
    try (Weights weights = Weights.open(file)) {
      Architectures.decoder(file, weights, new ScalarKernels());
    }
  }

  private static Path path(String name) throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(GgufDecoderTest.class.getResource("decoders-gguf/" + name + ".gguf"))
            .toURI());
  }
}
