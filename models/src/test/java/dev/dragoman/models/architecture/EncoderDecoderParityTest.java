package dev.dragoman.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.generate.BeamSearch;
import dev.dragoman.models.generate.Hypothesis;
import dev.dragoman.models.generate.SearchOptions;
import dev.dragoman.models.generate.Steering;
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
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Against what transformers computes and finds (made by tests/parity/encoder_decoders.py). */
class EncoderDecoderParityTest {
  private static final int[] SOURCES = {1, 7, 90};
  private static final int[] TARGETS = {5, 1, 40};

  static Stream<String> names() throws IOException, URISyntaxException {
    try (Stream<Path> folders = Files.list(folder("bart").getParent())) {
      return folders.map(path -> String.valueOf(path.getFileName())).sorted().toList().stream();
    }
  }

  static Stream<Arguments> everywhere() throws IOException, URISyntaxException {
    return names()
        .flatMap(name ->
            Stream.of(
                Arguments.of(name, new VectorKernels()), Arguments.of(name, new ScalarKernels())));
  }

  private static Path folder(String name) throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(
                EncoderDecoderParityTest.class.getResource("encoder-decoders/" + name))
            .toURI());
  }

  private record Case(Path folder, EncoderDecoder model, Weights weights, Weights golden)
      implements AutoCloseable {
    static Case open(String name, Kernels kernels) throws URISyntaxException {
      Path folder = EncoderDecoderParityTest.folder(name);
      Weights weights = Weights.open(folder);
      return new Case(
          folder,
          Architectures.encoderDecoder(ModelConfig.read(folder), weights, kernels),
          weights,
          Weights.open(folder.resolve("golden")));
    }

    int[] ids(String name, int length) {
      float[] floats = golden.tensor(name, length).floats();
      int[] ids = new int[length];
      Arrays.setAll(ids, i -> (int) floats[i]);
      return ids;
    }

    void check(String name, float[] actual, int rows, int width) {
      DecoderCases.assertClose(actual, golden.tensor(name, rows, width).floats(), name);
    }

    @Override
    public void close() {
      golden.close();
      weights.close();
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void everyLayerAndTheLogitsEqualTheReference(String name, Kernels kernels) throws Exception {
    try (Case example = Case.open(name, kernels)) {
      Encoder encoder = example.model().encoder();
      Decoder decoder = example.model().decoder();
      Encoder.Session reading = encoder.session();
      Decoder.Session writing = decoder.session();
      Batch batch = new Batch();
      for (int length : SOURCES) {
        batch.add(example.ids("source." + (batch.sequences()), length));
      }
      List<Integer> seen = new ArrayList<>();
      float[] states =
          reading
              .run(
                  batch,
                  (layer, hidden) -> {
                    seen.add(layer);
                    for (int n = 0; n < SOURCES.length; n++) {
                      example.check(
                          "encoder." + n + "." + layer,
                          row(hidden, batch.start(n), SOURCES[n], encoder.width()),
                          SOURCES[n],
                          encoder.width());
                    }
                  })
              .clone();
      assertThat(seen).containsExactly(0, 1, 2);
      for (int n = 0; n < SOURCES.length; n++) {
        int number = n;
        Memory memory = writing.remember(states, batch.start(n) * encoder.width(), SOURCES[n]);
        int[] target = example.ids("target." + n, TARGETS[n]);
        Step step = new Step();
        step.add(
            sequence(decoder, target.length, memory), target, 0, target.length, Step.Wanted.ALL);
        writing.run(
            step,
            (layer, hidden) ->
                example.check(
                    "decoder." + number + "." + layer, hidden, target.length, decoder.width()));
        example.check("logits." + n, writing.logits(), target.length, decoder.vocabulary());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void searchesFindWhatTheReferenceFindsAllSourcesAtOnce(String name) throws Exception {
    Kernels kernels = new VectorKernels();
    try (Case example = Case.open(name, kernels)) {
      Decoder.Session session = example.model().decoder().session();
      Encoder encoder = example.model().encoder();
      Batch batch = new Batch();
      for (int length : SOURCES) {
        batch.add(example.ids("source." + (batch.sequences()), length));
      }
      float[] states = encoder.session().run(batch, Encoder.Layers.UNSEEN);
      int start = ModelConfig.read(example.folder()).whole("decoder_start_token_id", 0);
      List<BeamSearch.Source> sources = new ArrayList<>();
      for (int n = 0; n < SOURCES.length; n++) {
        Memory memory = session.remember(states, batch.start(n) * encoder.width(), SOURCES[n]);
        sources.add(new BeamSearch.Source(memory, new int[] {start}, 30, Steering.NONE));
      }
      BeamSearch search = new BeamSearch(example.model().decoder(), session, kernels);
      JsonNode searches =
          new ObjectMapper().readTree(example.folder().resolve("golden/searches.json").toFile());
      searches
          .properties()
          .forEach(entry -> {
            SearchOptions options = options(example.folder(), entry.getValue().get("settings"));
            List<List<Hypothesis>> found = search.search(sources, options);
            for (int n = 0; n < SOURCES.length; n++) {
              JsonNode expected = entry.getValue().get("found").get(n);
              assertThat(found.get(n).stream().map(one -> prefixed(start, one.tokens())).toList())
                  .as("%s of source %d", entry.getKey(), n)
                  .isEqualTo(sequences(expected, options.ends()));
              if (options.beams() > 1) {
                for (int i = 0; i < options.best(); i++) {
                  assertThat(found.get(n).get(i).score())
                      .isCloseTo(expected.get("scores").get(i).doubleValue(), Offset.offset(2e-4));
                }
              }
            }
          });
    }
  }

  private static SearchOptions options(Path folder, JsonNode settings) {
    SearchOptions own = SearchOptions.read(folder, 30);
    int beams = settings.path("num_beams").asInt(1);
    return new SearchOptions(
        beams,
        settings.path("num_return_sequences").asInt(1),
        settings.path("length_penalty").asDouble(1),
        settings.path("early_stopping").isTextual()
            ? SearchOptions.Stop.NEVER
            : settings.path("early_stopping").asBoolean()
                ? SearchOptions.Stop.WHEN_FULL
                : SearchOptions.Stop.HEURISTIC,
        30,
        settings.path("min_new_tokens").asInt(own.minTokens()),
        settings.path("no_repeat_ngram_size").asInt(own.noRepeat()),
        settings.path("repetition_penalty").asDouble(1),
        settings.path("forced_bos_token_id").asInt(own.forcedFirst()),
        settings.path("forced_eos_token_id").asInt(own.forcedLast()),
        settings.path("suppress_tokens").valueStream().mapToInt(JsonNode::asInt).toArray(),
        own.suppressedFirst(),
        own.ends());
  }

  private static List<Integer> prefixed(int start, int[] tokens) {
    List<Integer> all = new ArrayList<>(List.of(start));
    Arrays.stream(tokens).forEach(all::add);
    return all;
  }

  /** What was found, without the padding that makes shorter ones as long as the longest. */
  private static List<List<Integer>> sequences(JsonNode expected, int[] ends) {
    List<List<Integer>> all = new ArrayList<>();
    for (JsonNode sequence : expected.get("sequences")) {
      List<Integer> ids = new ArrayList<>();
      for (JsonNode id : sequence) {
        ids.add(id.intValue());
        if (ids.size() > 1 && Arrays.stream(ends).anyMatch(end -> end == id.intValue())) {
          break;
        }
      }
      all.add(ids);
    }
    return all;
  }

  private static Sequence sequence(Decoder decoder, int limit, Memory memory) {
    return decoder.sequence(limit, CacheType.F32, Adapter.NONE, memory);
  }

  private static float[] row(float[] rows, int first, int count, int width) {
    return Arrays.copyOfRange(rows, first * width, (first + count) * width);
  }
}
