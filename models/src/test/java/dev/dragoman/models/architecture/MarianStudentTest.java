package dev.dragoman.models.architecture;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.generate.StudentSearch;
import dev.dragoman.models.generate.StudentSearch.Found;
import dev.dragoman.models.kernel.Kernels;
import dev.dragoman.models.kernel.ScalarKernels;
import dev.dragoman.models.kernel.vector.VectorKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Students against the reference in NumPy, layer by layer (tests/parity/marian_student.py). */
class MarianStudentTest {
  private static final float TOLERANCE = 2e-5f;
  private static final int CASES = 4;
  private static final int END = 0;
  private static final int UNKNOWN = 1;

  static Stream<String> names() {
    return Stream.of("tiny", "base", "singles", "arrays", "packed");
  }

  static Stream<Arguments> students() {
    return names()
        .flatMap(name ->
            Stream.of(
                Arguments.of(name, new VectorKernels()), Arguments.of(name, new ScalarKernels())));
  }

  @ParameterizedTest
  @MethodSource("students")
  void everyLayerEqualsTheReference(String name, Kernels kernels) throws Exception {
    try (Weights weights = Weights.open(folder(name));
        Weights golden = Weights.open(folder(name).resolve("golden.safetensors"))) {
      MarianStudent student = student(weights, kernels);
      StudentSession session = student.session();
      int[][] sources = sources(golden);
      int[] starts = starts(sources);
      List<Integer> layers = new ArrayList<>();
      session.encode(
          flat(sources),
          CASES,
          starts,
          true,
          (layer, hidden) -> {
            layers.add(layer);
            for (int i = 0; i < CASES; i++) {
              assertClose(
                  part(hidden, starts[i], starts[i + 1], student.width()),
                  golden.any("encoder." + i + "." + layer).floats(),
                  "encoder " + i + " layer " + layer);
            }
          });
      assertThat(layers)
          .last()
          .satisfies(last -> assertThat(golden.has("encoder.0." + (last + 1))).isFalse());
      int[] all = IntStream.range(0, CASES).toArray();
      int[] words = new int[CASES];
      Arrays.fill(words, StudentSession.START);
      session.follow(CASES, words);
      int[] every = IntStream.range(0, student.targets()).toArray();
      float[] scores = new float[every.length];
      int steps = (int) golden.any("logits.0").dimension(0);
      for (int position = 0; position < steps; position++) {
        int now = position;
        session.step(
            words,
            all,
            position,
            (layer, hidden) -> {
              for (int i = 0; i < CASES; i++) {
                assertClose(
                    part(hidden, i, i + 1, student.width()),
                    part(
                        golden.any("decoder." + i + "." + layer).floats(),
                        now,
                        now + 1,
                        student.width()),
                    "decoder %d step %d layer %d".formatted(i, now, layer));
              }
            });
        for (int i = 0; i < CASES; i++) {
          session.scores(i, every.length, every, scores);
          assertClose(
              scores,
              part(golden.any("logits." + i).floats(), position, position + 1, every.length),
              "logits %d step %d".formatted(i, position));
          assertThat(session.looked(i)).isEqualTo(ints(golden, "looked." + i)[position]);
          if (position + 1 < steps) {
            words[i] = ints(golden, "words." + i)[position];
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void greedySearchFindsWhatTheReferenceFinds(String name) throws Exception {
    try (Weights weights = Weights.open(folder(name));
        Weights golden = Weights.open(folder(name).resolve("golden.safetensors"))) {
      int[][] sources = sources(golden);
      List<List<Found>> together = search(weights).run(flat(sources), starts(sources), greedy());
      for (int i = 0; i < CASES; i++) {
        assertThat(together.get(i).getFirst().words()).isEqualTo(ints(golden, "greedy." + i));
        int[][] one = {sources[i]};
        Found alone = search(weights).run(flat(one), starts(one), greedy()).getFirst().getFirst();
        assertThat(alone.words()).isEqualTo(together.get(i).getFirst().words());
        assertThat(alone.logProbabilities())
            .isEqualTo(together.get(i).getFirst().logProbabilities());
      }
    }
  }

  @Test
  void aBeamWideEnoughFindsTheBestOfAll() throws Exception {
    try (Weights weights = Weights.open(folder("singles"));
        Weights golden = Weights.open(folder("singles").resolve("golden.safetensors"))) {
      MarianStudent student = student(weights, new VectorKernels());
      int[][] sources = {sources(golden)[2]};
      int words = student.targets();
      StudentSearch.Settings wide =
          new StudentSearch.Settings(END, UNKNOWN, words * words, 0, 3, 2, false);
      List<Found> found = search(weights).run(flat(sources), starts(sources), wide).getFirst();
      double[] best = pairs(student, sources[0]);
      assertThat(found).hasSize((words - 2) * (words - 1) + 1);
      for (int i = 0; i < 50; i++) {
        assertThat(found.get(i).score()).isCloseTo(best[i], offset(1e-4));
      }
      assertThat(found).extracting(each -> Arrays.toString(each.words())).doesNotHaveDuplicates();
    }
  }

  /** The scores of all translations of at most two words, best first. */
  private static double[] pairs(MarianStudent student, int[] source) {
    StudentSession session = student.session();
    session.encode(source, 1, new int[] {0, source.length}, false, Encoder.Layers.UNSEEN);
    int words = student.targets();
    session.follow(1, new int[] {StudentSession.START});
    session.step(new int[] {StudentSession.START}, new int[1], 0, Encoder.Layers.UNSEEN);
    double[] first = logs(session, 0, words);
    int[] next = IntStream.range(2, words).toArray();
    session.follow(next.length, new int[next.length]);
    session.step(next, new int[next.length], 1, Encoder.Layers.UNSEEN);
    List<Double> scores = new ArrayList<>();
    scores.add(first[END]);
    for (int row = 0; row < next.length; row++) {
      double[] second = logs(session, row, words);
      for (int word = 0; word < words; word++) {
        if (word != UNKNOWN) {
          scores.add(first[next[row]] + second[word]);
        }
      }
    }
    return scores.stream().mapToDouble(each -> -each).sorted().map(each -> -each).toArray();
  }

  private static double[] logs(StudentSession session, int row, int words) {
    float[] scores = new float[words];
    session.scores(row, words, IntStream.range(0, words).toArray(), scores);
    double sum = 0;
    for (int i = 0; i < words; i++) {
      sum += i == UNKNOWN ? 0 : Math.exp(scores[i]);
    }
    double all = Math.log(sum);
    return IntStream.range(0, words).mapToDouble(i -> scores[i] - all).toArray();
  }

  @Test
  void aBeamOfMoreIsNoWorseThanGreedyAndGivesItsBestFirst() throws Exception {
    try (Weights weights = Weights.open(folder("tiny"));
        Weights golden = Weights.open(folder("tiny").resolve("golden.safetensors"))) {
      int[][] sources = sources(golden);
      List<List<Found>> one = search(weights).run(flat(sources), starts(sources), greedy());
      StudentSearch.Settings four = new StudentSearch.Settings(END, UNKNOWN, 4, 1, 2.5, 9, false);
      List<List<Found>> beams = search(weights).run(flat(sources), starts(sources), four);
      for (int i = 0; i < CASES; i++) {
        List<Found> found = beams.get(i);
        assertThat(found).hasSizeBetween(1, 4);
        assertThat(found).isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
        assertThat(found)
            .allSatisfy(each -> {
              assertThat(each.words().length).isLessThanOrEqualTo(9);
              assertThat(each.finished()).isEqualTo(each.words()[each.words().length - 1] == END);
              assertThat(Arrays.stream(each.words())).doesNotContain(UNKNOWN);
              assertThat(each.score() * each.words().length)
                  .isCloseTo(Arrays.stream(each.logProbabilities()).sum(), offset(1e-4));
            });
        if (one.get(i).getFirst().words().length <= 2) {
          assertThat(found.getFirst().score())
              .isGreaterThanOrEqualTo(one.get(i).getFirst().score() - 1e-6);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "type: transformer, type: s2s        , 'type is s2s   '",
    "dec-cell: ssru, dec-cell: lstm, dec-cell is lstm",
    "transformer-decoder-autoreg: rnn, transformer-decoder-autoreg: aan, autoreg is aan",
    "transformer-postprocess: dan, transformer-postprocess: dha, postprocess is dha",
    "transformer-tied-layers: [], transformer-tied-layers: 12, tied-layers is 12",
    "skip: false, skip: trues, skip is trues",
    "right-left: false, wrong-left: false, wrong-left is false",
    "dim-emb: 16, dim-emb: 14, dim-emb is 14",
    "dim-emb: 16, dim-emb: 12, has shape",
    "enc-depth: 2, enc-depth: 3, lack tensor encoder_l3",
    "dec-depth: 2, dec-depth: 1, tensor decoder_l2",
    "transformer-ffn-activation: relu, transformer-ffn-activation: tanh, activation is tanh",
  })
  void settingsThatAreNotKnownAreRefusedByName(
      String from, String to, String message, @TempDir Path temp) throws Exception {
    byte[] file = Files.readAllBytes(folder("tiny").resolve("model.enpt.bin"));
    String text = new String(file, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("\n" + from);
    assertThat(at).isPositive();
    byte[] other = (to + " ".repeat(Math.max(0, from.length() - to.length()))).getBytes();
    assertThat(other.length).isLessThanOrEqualTo(from.length() + 2);
    StringBuilder changed = new StringBuilder(text);
    changed.replace(at + 1, at + 1 + from.length(), new String(other, StandardCharsets.US_ASCII));
    int longer = other.length - from.length();
    if (longer > 0) {
      // The version at the end makes room.
      changed.delete(changed.length() - 2 - longer, changed.length() - 2);
    }
    Path model = temp.resolve("model.bin");
    Files.write(model, changed.toString().getBytes(StandardCharsets.ISO_8859_1));
    try (Weights weights = Weights.open(model)) {
      assertThatThrownBy(() -> student(weights, new ScalarKernels()))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining(message.strip());
    }
  }

  private static StudentSearch.Settings greedy() {
    return new StudentSearch.Settings(END, UNKNOWN, 1, 1, 2.5, 0, false);
  }

  private static StudentSearch search(Weights weights) {
    Kernels kernels = new VectorKernels();
    return new StudentSearch(student(weights, kernels), kernels, Optional.empty(), true);
  }

  private static MarianStudent student(Weights weights, Kernels kernels) {
    return MarianStudent.of(weights.marian().orElseThrow(), weights, kernels);
  }

  static Path folder(String name) throws Exception {
    return Path.of(requireNonNull(MarianStudentTest.class.getResource("students/" + name)).toURI());
  }

  private static int[][] sources(Weights golden) {
    return IntStream.range(0, CASES).mapToObj(i -> ints(golden, "ids." + i)).toArray(int[][]::new);
  }

  private static int[] flat(int[][] sources) {
    return Arrays.stream(sources).flatMapToInt(Arrays::stream).toArray();
  }

  private static int[] starts(int[][] sources) {
    int[] starts = new int[sources.length + 1];
    for (int i = 0; i < sources.length; i++) {
      starts[i + 1] = starts[i] + sources[i].length;
    }
    return starts;
  }

  private static int[] ints(Weights golden, String name) {
    MemorySegment bytes = golden.any(name).bytes();
    return bytes.toArray(ValueLayout.JAVA_INT_UNALIGNED);
  }

  private static float[] part(float[] rows, int from, int to, int width) {
    return Arrays.copyOfRange(rows, from * width, to * width);
  }

  private static void assertClose(float[] actual, float[] wanted, String what) {
    assertThat(actual.length).as(what).isEqualTo(wanted.length);
    float largest = 0;
    for (float number : wanted) {
      largest = Math.max(largest, Math.abs(number));
    }
    for (int i = 0; i < wanted.length; i++) {
      assertThat(Math.abs(actual[i] - wanted[i]))
          .as("%s, number %d: %s and not %s", what, i, actual[i], wanted[i])
          .isLessThanOrEqualTo(TOLERANCE * largest);
    }
  }
}
