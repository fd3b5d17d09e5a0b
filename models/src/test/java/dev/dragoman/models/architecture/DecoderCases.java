package dev.dragoman.models.architecture;

import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Kernels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The small checkpoints that tests/parity/decoders.py made. */
final class DecoderCases {
  static final int SEQUENCES = 3;

  private static final int[] LENGTHS = {1, 9, 70};

  private DecoderCases() {}

  static Path folder(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(DecoderCases.class.getResource("decoders/" + name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<String> names() {
    try (Stream<Path> folders = Files.list(folder("llama").getParent())) {
      List<String> names =
          folders.map(path -> String.valueOf(path.getFileName())).sorted().toList();
      return names.stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Case open(String name, Kernels kernels) {
    Path folder = folder(name);
    Weights weights = Weights.open(folder);
    return new Case(
        Architectures.decoder(ModelConfig.read(folder), weights, kernels),
        weights,
        Weights.open(folder.resolve("golden")));
  }

  static void assertClose(float[] actual, float[] expected, String what) {
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(actual[i] - expected[i]) <= 1e-5f * largest)) {
        throw new AssertionError(
            "%s: element %d is %s, not %s (largest %s)"
                .formatted(what, i, actual[i], expected[i], largest));
      }
    }
  }

  record Case(Decoder decoder, Weights weights, Weights golden) implements AutoCloseable {
    int[] ids(int sequence) {
      float[] floats = golden("ids." + sequence, LENGTHS[sequence]);
      int[] ids = new int[floats.length];
      Arrays.setAll(ids, i -> (int) floats[i]);
      return ids;
    }

    float[] golden(String name, long... shape) {
      return golden.tensor(name, shape).floats();
    }

    @Override
    public void close() {
      golden.close();
      weights.close();
    }
  }
}
