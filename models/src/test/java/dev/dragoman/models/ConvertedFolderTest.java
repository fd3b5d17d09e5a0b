package dev.dragoman.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.models.architecture.Architectures;
import dev.dragoman.models.architecture.EncoderDecoder;
import dev.dragoman.models.architecture.SmallCheckpoint;
import dev.dragoman.models.format.JsonFile;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.generate.Hypothesis;
import dev.dragoman.models.generate.SearchOptions;
import dev.dragoman.models.generate.Steering;
import dev.dragoman.models.generate.Terms;
import dev.dragoman.models.kernel.ParallelKernels;
import dev.dragoman.models.tokenizer.PieceTokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Folders that CTranslate2's converter wrote, against CTranslate2
 * (tests/parity/ctranslate2_sequences.py).
 */
class ConvertedFolderTest {
  private static final int LONGEST = 24;

  @TempDir private Path temp = Path.of("");

  @ParameterizedTest
  @ValueSource(strings = {"marian", "m2m", "nllb", "bart", "t5"})
  void everyTokenHasTheScoreThatTheReferenceGivesIt(String name) throws IOException {
    JsonNode golden = folder(name);
    check(golden.path("cases"), golden.path("scores"), 1e-4);
  }

  @ParameterizedTest
  @CsvSource({
    "marian, float16", "marian, bfloat16", "marian, int8", "marian, int8_float16",
    "m2m, float16", "m2m, bfloat16", "m2m, int8", "m2m, int8_float16",
    "nllb, float16", "nllb, bfloat16", "nllb, int8", "nllb, int8_float16",
    "bart, float16", "bart, bfloat16", "bart, int8", "bart, int8_float16",
    "t5, bfloat16", "t5, int8"
  })
  void smallerWeightsAreWhatTheReferenceTakesThemFor(String name, String kind) throws IOException {
    JsonNode cases = folder(name).path("cases");
    SmallCheckpoint.unzip("/dev/dragoman/models/converted/" + name + "-kinds.zip", temp);
    JsonNode kinds = JsonFile.read(temp.resolve("golden.json"));
    Files.move(
        temp.resolve("model-" + kind + ".bin"),
        temp.resolve("model.bin"),
        StandardCopyOption.REPLACE_EXISTING);
    check(cases, kinds.path(kind).path("scores"), 1e-4);
  }

  private void check(JsonNode cases, JsonNode scores, double tolerance) {
    assertThat(SequenceModel.isOne(temp)).isTrue();
    List<String> words = words();
    try (SequenceModel model = SequenceModel.open(temp)) {
      assertThat(model.hasHead()).isTrue();
      for (int n = 0; n < cases.size(); n++) {
        int[] target = ids(words, cases.path(n).path("target"));
        int[] written = new int[target.length + 1];
        written[0] = start(words);
        System.arraycopy(target, 0, written, 1, target.length);
        float[][] logits = model.forward(ids(words, cases.path(n).path("source")), written);
        int[] next = Arrays.copyOf(target, written.length);
        next[target.length] = words.indexOf("</s>");
        assertThat(scores.path(n)).hasSize(next.length);
        for (int i = 0; i < next.length; i++) {
          assertThat(logProbability(logits[i], next[i]))
              .as("token %d of case %d", i, n)
              .isCloseTo(scores.path(n).path(i).doubleValue(), within(tolerance));
        }
      }
    }
  }

  private static double logProbability(float[] logits, int token) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - logits[token]);
    }
    return -Math.log(sum);
  }

  @ParameterizedTest
  @CsvSource({
    "marian, greedy, 1", "marian, beams, 4",
    "m2m, greedy, 1", "m2m, beams, 4",
    "nllb, greedy, 1", "nllb, beams, 4",
    "bart, greedy, 1", "bart, beams, 4",
    "t5, greedy, 1", "t5, beams, 4"
  })
  void searchesFindTheTokensOfTheReference(String name, String search, int beams)
      throws IOException {
    JsonNode golden = folder(name);
    List<String> words = words();
    int end = words.indexOf("</s>");
    int language = words.indexOf(name.equals("m2m") ? "__en__" : "eng_Latn");
    ParallelKernels kernels = new ParallelKernels(Models.kernels(), 1);
    Weights weights = Weights.open(temp.resolve("model.bin"));
    EncoderDecoder model = Architectures.encoderDecoder(temp, weights, kernels);
    try (SequenceRunner runner = new SequenceRunner(model, weights, kernels, 1)) {
      List<SequenceRunner.Input> inputs = new ArrayList<>();
      for (JsonNode one : golden.path("cases")) {
        inputs.add(
            new SequenceRunner.Input(
                ids(words, one.path("source")),
                new int[] {start(words)},
                LONGEST,
                Steering.NONE,
                Terms.NONE));
      }
      SearchOptions options =
          SearchOptions.greedy(LONGEST, end).withBeams(beams, 1).withForcedFirst(language);
      List<List<Hypothesis>> found = runner.run(inputs, options, 4096);
      for (int n = 0; n < found.size(); n++) {
        List<String> tokens = new ArrayList<>();
        for (int id : found.get(n).getFirst().tokens()) {
          if (id != end) {
            tokens.add(words.get(id));
          }
        }
        assertThat(tokens)
            .as("source %d", n)
            .isEqualTo(texts(golden.path(search).path(n).path("tokens")));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"marian, nl, de", "m2m, nl, en", "nllb, nl, en", "nllb, nld_Latn, eng_Latn"})
  void translationsFromTextToTextAreThoseOfTheReference(String name, String from, String to)
      throws IOException {
    JsonNode golden = folder(name);
    assertThat(Translator.isOne(temp)).isTrue();
    try (Translator translator = Translator.open(temp, 2)) {
      for (int beams : new int[] {1, 4}) {
        TranslateOptions options =
            TranslateOptions.of(from, to).withBeams(beams).withMaxTokens(LONGEST);
        List<List<Translation>> all =
            translator.translate(
                texts(golden.path("texts")).stream().map(Translator.Source::of).toList(), options);
        for (int n = 0; n < all.size(); n++) {
          JsonNode expected = golden.path(beams == 1 ? "greedy" : "beams").path(n);
          assertThat(all.get(n).getFirst().text())
              .isEqualTo(expected.path("text").textValue().replace("__en__", "").strip());
          assertThat(all.get(n).getFirst().sourceTokens())
              .isEqualTo(golden.path("cases").path(n).path("source").size());
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"bart, ''", "t5, summarize:"})
  void textsAreThoseOfTheReference(String name, String prefix) throws IOException {
    JsonNode golden = folder(name);
    assertThat(Translator.isOne(temp)).isFalse();
    assertThat(TextToText.isOne(temp)).isTrue();
    try (TextToText model = TextToText.open(temp)) {
      for (int beams : new int[] {1, 4}) {
        WriteOptions options =
            model
                .options("")
                .withPrefix(prefix.isEmpty() ? "" : prefix + " ")
                .withSearch(
                    SearchOptions.greedy(LONGEST, words().indexOf("</s>")).withBeams(beams, 1));
        List<List<TextToText.Written>> all = model.write(texts(golden.path("texts")), options);
        for (int n = 0; n < all.size(); n++) {
          JsonNode expected = golden.path(beams == 1 ? "greedy" : "beams").path(n);
          assertThat(all.get(n).getFirst().text())
              .isEqualTo(expected.path("text").textValue().strip());
        }
      }
    }
  }

  @Test
  void settingsOfTransformersThatWereCopiedAreFollowed() throws IOException {
    folder("bart");
    try (TextToText model = TextToText.open(temp)) {
      SearchOptions own = model.options("").search();
      assertThat(own.beams()).isEqualTo(4);
      assertThat(own.noRepeat()).isEqualTo(3);
      assertThat(own.forcedFirst()).isEqualTo(-1);
      assertThat(own.forcedLast()).isEqualTo(words().indexOf("</s>"));
      assertThat(own.ends()).containsExactly(words().indexOf("</s>"));
    }
  }

  @Test
  void tokensAreMatchedByTheirTextsWhereIdsDiffer() throws IOException {
    folder("t5");
    Tokenizer own = Tokenizer.open(temp.resolve("tokenizer.json"));
    List<String> names = new ArrayList<>(words());
    Collections.reverse(names);
    Tokenizer other = PieceTokenizer.listed(own, temp, names);
    String text = "een rekening voor morgen";
    assertThat(Arrays.stream(other.encodeForModel(text, 40).ids()).mapToObj(names::get).toList())
        .isEqualTo(Arrays.stream(own.encodeForModel(text, 40).ids()).mapToObj(own::token).toList());
    assertThat(other.decode(other.encodeForModel(text, 40).ids(), true))
        .isEqualTo(own.decode(own.encodeForModel(text, 40).ids(), true));
  }

  @Test
  void withoutATokenizerTheFilesThatAreMissingAreNamed() throws IOException {
    folder("marian");
    Files.delete(temp.resolve("source.spm"));
    assertThatThrownBy(() -> Translator.open(temp))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("source.spm and target.spm")
        .hasMessageContaining("--copy_files");
    assertThatThrownBy(() -> TextToText.open(temp))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("--copy_files");
  }

  @Test
  void aListOfTokensThatDoesNotFitTheModelIsRefused() throws IOException {
    folder("marian");
    Files.writeString(temp.resolve("shared_vocabulary.json"), "[\"</s>\", \"<unk>\"]");
    assertThatThrownBy(() -> Translator.open(temp))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("shared_vocabulary.json lists 2 tokens, but the model knows");
  }

  @ParameterizedTest
  @CsvSource({
    "marian, decoder/layer_1/attention/linear_1/weight, decoder/layer_1/attention/linear_9/weight",
    "bart, encoder/position_encodings/encodings, encoder/position_encodings/encodingz",
    "t5, encoder/layer_0/ffn/linear_0_noact/weight, encoder/layer_0/ffn/linear_0_nothing/weigh",
    "m2m, decoder/pre_norm, decoder/pre_nurm"
  })
  void aVariableUnderAnotherNameIsNamed(String name, String known, String unknown)
      throws IOException {
    folder(name);
    byte[] file = Files.readAllBytes(temp.resolve("model.bin"));
    byte[] other = Arrays.copyOf(unknown.getBytes(StandardCharsets.UTF_8), known.length());
    Arrays.fill(other, Math.min(unknown.length(), known.length()), known.length(), (byte) '_');
    System.arraycopy(other, 0, file, find(file, known), other.length);
    Files.write(temp.resolve("model.bin"), file);
    assertThatThrownBy(() -> SequenceModel.open(temp))
        .isInstanceOf(ModelException.class)
        .hasMessageMatching(
            "(?s).*(" + known + "|" + new String(other, StandardCharsets.UTF_8) + ").*");
  }

  @Test
  void aNumberOfHeadsThatDoesNotDivideTheWidthIsRefused() throws IOException {
    folder("bart");
    byte[] file = Files.readAllBytes(temp.resolve("model.bin"));
    String name = "encoder/num_heads";
    file[find(file, name) + name.length() + 1 + 1 + 1 + Integer.BYTES] = 7;
    Files.write(temp.resolve("model.bin"), file);
    assertThatThrownBy(() -> SequenceModel.open(temp))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("encoder/num_heads 7, which is no divisor of 16");
  }

  @Test
  void aRevisionThatIsNotKnownIsRefused() throws IOException {
    folder("marian");
    byte[] file = Files.readAllBytes(temp.resolve("model.bin"));
    file[find(file, "TransformerSpec") + "TransformerSpec".length() + 1] = 99;
    Files.write(temp.resolve("model.bin"), file);
    assertThatThrownBy(() -> SequenceModel.open(temp))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("TransformerSpec, revision 99; supported is");
  }

  @ParameterizedTest
  @ValueSource(strings = {"marian", "t5"})
  void anySettingMayHaveAnyValueWithoutACrash(String name) throws IOException {
    folder(name);
    byte[] file = Files.readAllBytes(temp.resolve("model.bin"));
    Random random = new Random(3);
    List<String> settings;
    try (Weights weights = Weights.open(temp.resolve("model.bin"))) {
      settings = List.copyOf(weights.ctranslate2().orElseThrow().settings().keySet());
    }
    int refused = 0;
    for (String setting : settings) {
      byte[] changed = file.clone();
      int at = find(file, setting) + setting.length() + 1 + 1 + 1 + Integer.BYTES;
      changed[at] = (byte) random.nextInt(256);
      Files.write(temp.resolve("model.bin"), changed);
      try (SequenceModel model = SequenceModel.open(temp)) {
        assertThat(model.forward(new int[] {1}, new int[] {1, 1})).hasDimensions(2, words().size());
      } catch (ModelException e) {
        assertThat(e).hasMessageContaining("model.bin");
        refused++;
      }
    }
    assertThat(refused).isBetween(3, settings.size() - 3);
  }

  private static int find(byte[] file, String name) {
    int at = new String(file, StandardCharsets.ISO_8859_1).indexOf(name + "\0");
    assertThat(at).isPositive();
    return at;
  }

  private JsonNode folder(String name) throws IOException {
    SmallCheckpoint.unzip("/dev/dragoman/models/converted/" + name + ".zip", temp);
    return JsonFile.read(temp.resolve("golden.json"));
  }

  private List<String> words() {
    return texts(JsonFile.read(temp.resolve("shared_vocabulary.json")));
  }

  private int start(List<String> words) {
    return words.indexOf(
        JsonFile.read(temp.resolve("config.json")).path("decoder_start_token").textValue());
  }

  private static int[] ids(List<String> words, JsonNode tokens) {
    return tokens.valueStream().mapToInt(token -> words.indexOf(token.textValue())).toArray();
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::textValue).toList();
  }
}
