package dev.dragoman.models.generate;

import dev.dragoman.models.Tokenizer;
import dev.dragoman.models.architecture.Architectures;
import dev.dragoman.models.architecture.Decoder;
import dev.dragoman.models.architecture.Encoder;
import dev.dragoman.models.architecture.Sequence;
import dev.dragoman.models.architecture.Step;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.vector.VectorKernels;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** A small random checkpoint, and a tokenizer of which it knows the first tokens. */
record SmallModel(Decoder decoder, Tokenizer tokenizer, Weights weights) implements AutoCloseable {
  private static final Class<Architectures> NEAR = Architectures.class;

  static SmallModel open(String name) {
    try {
      Path folder = Path.of(Objects.requireNonNull(NEAR.getResource("decoders/" + name)).toURI());
      Weights weights = Weights.open(folder);
      Decoder decoder =
          Architectures.decoder(ModelConfig.read(folder), weights, new VectorKernels());
      return new SmallModel(decoder, smallTokenizer(), weights);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Tokenizer smallTokenizer() {
    try (InputStream packed =
            Objects.requireNonNull(
                Tokenizer.class.getResourceAsStream("tokenizer/small/gpt2.json.gz"));
        InputStream json = new GZIPInputStream(packed)) {
      Path file = Files.createTempFile("tokenizer", ".json");
      Files.write(file, json.readAllBytes());
      Tokenizer tokenizer = Tokenizer.open(file);
      Files.delete(file);
      return tokenizer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A generator over it that no token ends. */
  Generator generator(GeneratorOptions options) {
    return new Generator(
        decoder,
        tokenizer,
        new int[0],
        () -> {
          throw new IllegalStateException("no constraint was meant to be here");
        },
        new VectorKernels(),
        options);
  }

  /** The most probable token each time, by a loop of one's own. */
  int[] greedy(int[] prompt, int count) {
    Decoder.Session session = decoder.session();
    Sequence sequence = decoder.sequence(prompt.length + count);
    Step step = new Step();
    step.add(sequence, prompt, 0, prompt.length, Step.Wanted.LAST);
    int[] ids = new int[count];
    for (int i = 0; i < count; i++) {
      session.run(step, Encoder.Layers.UNSEEN);
      ids[i] = Sampler.best(session.logits(), 0, decoder.vocabulary());
      step.clear();
      if (i + 1 < count) {
        step.add(sequence, ids[i]);
      }
    }
    return ids;
  }

  /** Some prompt. */
  int[] prompt(int seed, int length) {
    int[] ids = new int[length];
    Arrays.setAll(ids, i -> Math.floorMod(seed * 31 + i * i * 7 + i, decoder.vocabulary()));
    return ids;
  }

  @Override
  public void close() {
    weights.close();
  }
}
