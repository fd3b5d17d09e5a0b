package dev.dragoman.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.dragoman.models.format.Weights;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models of Marian with self-attention against the reference in NumPy
 * (tests/parity/marian_transformer.py).
 */
class MarianTransformerTest {
  private static final float TOLERANCE = 2e-5f;
  private static final int CASES = 3;

  @ParameterizedTest
  @ValueSource(strings = {"opus", "eight-bits"})
  void theScoresOfEveryNextTokenAreThoseOfTheReference(String name) {
    assertThat(SequenceModel.isOne(folder(name))).isTrue();
    try (SequenceModel model = SequenceModel.open(folder(name));
        Weights golden = Weights.open(folder(name).resolve("golden.safetensors"))) {
      for (int i = 0; i < CASES; i++) {
        int[] words = ints(golden, "words." + i);
        // Whatever comes first, the decoder starts from zeros.
        int[] target = new int[words.length + 1];
        System.arraycopy(words, 0, target, 1, words.length);
        float[][] scores = model.forward(ints(golden, "ids." + i), target);
        float[] expected = golden.any("logits." + i).floats();
        float largest = largest(expected);
        int width = expected.length / scores.length;
        for (int row = 0; row < scores.length; row++) {
          for (int column = 0; column < width; column++) {
            assertThat(scores[row][column])
                .as("case %d, token %d, word %d", i, row, column)
                .isCloseTo(expected[row * width + column], offset(TOLERANCE * largest));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"opus", "eight-bits"})
  void aTextBecomesWhatTheReferenceMakesOfIt(String name) throws IOException {
    List<String[]> rows =
        Files.readAllLines(folder(name).resolve("texts.tsv")).stream()
            .map(line -> line.split("\t", -1))
            .toList();
    List<Translator.Source> sources =
        rows.stream().map(row -> Translator.Source.of(row[0])).toList();
    assertThat(Translator.isOne(folder(name))).isTrue();
    try (Translator translator = Translator.open(folder(name), 2)) {
      TranslateOptions options = TranslateOptions.of("", "").withBeams(1).withMaxTokens(24);
      List<List<Translation>> all = translator.translate(sources, options);
      for (int i = 0; i < rows.size(); i++) {
        Translation one = all.get(i).getFirst();
        assertThat(one.text()).isEqualTo(rows.get(i)[1]);
        assertThat(one.sourceTokens()).isEqualTo(Integer.parseInt(rows.get(i)[2]));
        assertThat(one.targetTokens()).isEqualTo(Integer.parseInt(rows.get(i)[3]));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'</s>: 0\n<unk>: zero', '<unk> has zero in place of an id from 0 to 1'",
    "'</s>: 0\n<unk>: 2', 'in place of an id from 0 to 1'",
    "'</s>: 0\n<unk>: 0', 'the id 0 twice'",
    "'- </s>', 'no list of tokens'",
    "'\"</s>: 0', 'no YAML'"
  })
  void aListOfTokensThatIsNoneIsRefusedByName(String content, String message, @TempDir Path copied)
      throws IOException {
    copy(folder("opus"), copied);
    Files.writeString(copied.resolve("opus.vocab.yml"), content);
    assertThatThrownBy(() -> Translator.open(copied, 1).close())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("opus.vocab.yml")
        .hasMessageContaining(message);
  }

  @Test
  void tokensThatYamlTakesForNumbersOrForNothingStayTokens() {
    assertThat(MarianTokens.read(folder("opus").resolve("opus.vocab.yml")))
        .startsWith("</s>", "<unk>")
        .endsWith("1", "true", "\"", "null", "~");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName().toString()));
      }
    }
  }

  private static float largest(float[] numbers) {
    return (float)
        IntStream.range(0, numbers.length).mapToDouble(i -> Math.abs(numbers[i])).max().orElse(0);
  }

  private static int[] ints(Weights golden, String name) {
    return golden.any(name).bytes().toArray(ValueLayout.JAVA_INT_UNALIGNED);
  }

  private static Path folder(String name) {
    String file = "marian/" + name + "/texts.tsv";
    return Path.of(Objects.requireNonNull(MarianTransformerTest.class.getResource(file)).getPath())
        .resolveSibling("");
  }
}
