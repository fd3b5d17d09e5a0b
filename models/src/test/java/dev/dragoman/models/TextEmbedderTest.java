package dev.dragoman.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On a small random model; what it computes is tested beside its parts. */
class TextEmbedderTest {
  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void model() throws Exception {
    copy("architecture/bert/sentences/config.json", "config.json");
    copy("architecture/bert/sentences/model.safetensors", "model.safetensors");
    copy("tokenizer/uncased/tokenizer.json", "tokenizer.json");
  }

  @Test
  void vectorsAreTheMeanOfTheTokensAndHaveUnitLength() {
    try (TextEmbedder embedder = TextEmbedder.open(folder);
        TokenEncoder encoder = TokenEncoder.open(folder)) {
      assertThat(embedder.dimensions()).isEqualTo(16).isEqualTo(encoder.dimensions());
      float[] vector = embedder.embed(List.of("the cafe"))[0];
      int[] ids = embedder.tokenizer().encodeForModel("the cafe", 40).ids();
      float[][] hidden = encoder.lastHiddenState(ids);
      assertThat(hidden).hasDimensions(ids.length, 16);
      double[] mean = new double[16];
      double squares = 0;
      for (int i = 0; i < 16; i++) {
        for (float[] token : hidden) {
          mean[i] += token[i] / hidden.length;
        }
        squares += mean[i] * mean[i];
      }
      for (int i = 0; i < 16; i++) {
        assertThat((double) vector[i]).isCloseTo(mean[i] / Math.sqrt(squares), within(1e-6));
      }
    }
  }

  @Test
  void weightsOutOfAnOnnxFileGiveTheSameVectors() throws Exception {
    List<String> texts = List.of("the cafe", "in the cafe", "");
    float[][] expected;
    try (TextEmbedder embedder = TextEmbedder.open(folder)) {
      expected = embedder.embed(texts);
    }
    Files.delete(folder.resolve("model.safetensors"));
    copy("format/onnx/exported.onnx", "model.onnx");
    try (TextEmbedder embedder = TextEmbedder.open(folder)) {
      assertThat(embedder.embed(texts)).isDeepEqualTo(expected);
    }
    for (String file : List.of("tokenizer.json", "config.json")) {
      Files.delete(folder.resolve(file));
      assertThatThrownBy(() -> TextEmbedder.open(folder))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining(folder.resolve(file).toString());
    }
  }

  @Test
  void poolingLengthAndPrefixCanBeChosen() {
    EmbedOptions raw = EmbedOptions.defaults().withUnitLength(false);
    try (TextEmbedder cls = TextEmbedder.open(folder, raw.withPooling(Pooling.CLS));
        TextEmbedder max = TextEmbedder.open(folder, raw.withPooling(Pooling.MAX));
        TextEmbedder prefixed =
            TextEmbedder.open(folder, raw.withPooling(Pooling.CLS).withPrefix("the "));
        TokenEncoder encoder = TokenEncoder.open(folder)) {
      float[][] hidden =
          encoder.lastHiddenState(cls.tokenizer().encodeForModel("the cafe in", 40).ids());
      assertThat(cls.embed(List.of("the cafe in"))[0]).containsExactly(hidden[0]);
      assertThat(prefixed.embed(List.of("cafe in"))[0]).containsExactly(hidden[0]);
      float[] largest = hidden[0].clone();
      for (float[] token : hidden) {
        for (int i = 0; i < largest.length; i++) {
          largest[i] = Math.max(largest[i], token[i]);
        }
      }
      assertThat(max.embed(List.of("the cafe in"))[0]).containsExactly(largest);
    }
  }

  @Test
  void theVectorOfATextIsTheSameBitsInAnyBatchOnAnyNumberOfThreads() throws Exception {
    Random random = new Random(5);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      texts.add("the cafe unable mas ".repeat(random.nextInt(6)) + i);
    }
    texts.add("");
    EmbedOptions options = EmbedOptions.defaults();
    try (TextEmbedder one = TextEmbedder.open(folder, options.withBatchTokens(1));
        TextEmbedder many = TextEmbedder.open(folder, options.withThreads(3).withBatchTokens(64));
        ExecutorService callers = Executors.newFixedThreadPool(4)) {
      float[][] expected = one.embed(texts);
      List<Future<float[][]>> results = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        results.add(callers.submit(() -> many.embed(texts)));
      }
      for (Future<float[][]> result : results) {
        assertThat(result.get()).isDeepEqualTo(expected);
      }
    }
  }

  @Test
  void noTextsGiveNoVectors() {
    try (TextEmbedder embedder = TextEmbedder.open(folder)) {
      assertThat(embedder.embed(List.of())).isEmpty();
    }
  }

  @Test
  void textsAreCutOffWhereTheModelsFilesSay() throws Exception {
    assertLimit(40);
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"model_max_length\": 32}");
    assertLimit(32);
    Files.writeString(folder.resolve("sentence_bert_config.json"), "{\"max_seq_length\": 24}");
    assertLimit(24);
    Files.writeString(folder.resolve("sentence_bert_config.json"), "{\"max_seq_length\": 900}");
    assertLimit(40);
  }

  private void assertLimit(int limit) {
    try (TextEmbedder embedder = TextEmbedder.open(folder)) {
      assertThat(embedder.maxTokens()).isEqualTo(limit);
      String fits = "the ".repeat(limit - 2);
      float[][] vectors = embedder.embed(List.of(fits, fits + "cafe", "the ".repeat(limit - 3)));
      assertThat(vectors[1]).containsExactly(vectors[0]);
      assertThat(vectors[2]).isNotEqualTo(vectors[0]);
    }
  }

  @ParameterizedTest
  @CsvSource({"pooling_mode_cls_token,CLS", "pooling_mode_max_tokens,MAX"})
  void poolingComesFromTheModelsFiles(String key, Pooling pooling) throws Exception {
    modules("Pooling", "{\"" + key + "\": true, \"pooling_mode_mean_tokens\": false}");
    try (TextEmbedder embedder = TextEmbedder.open(folder);
        TextEmbedder expected =
            TextEmbedder.open(folder, EmbedOptions.defaults().withPooling(pooling))) {
      assertThat(embedder.embed(List.of("the cafe")))
          .isDeepEqualTo(expected.embed(List.of("the cafe")));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CNN     | {}                                        | models.CNN",
        "Dense   | {}                                        | in_features",
        "Pooling | '{\"include_prompt\": false}'            | include_prompt",
        "Pooling | '{\"pooling_mode\": \"heavy\"}'           | pooling_mode",
        "Pooling | '{\"pooling_mode_new\": true}'            | pooling_mode_new",
      })
  void modulesThatAreNotKnownAreRefusedByName(String type, String config, String named)
      throws Exception {
    modules(type, config);
    assertRefused(named);
  }

  @Test
  void aTokenizerWithMoreIdsThanTheModelIsRefused() throws Exception {
    copy("architecture/bert/even/config.json", "config.json");
    copy("architecture/bert/even/model.safetensors", "model.safetensors");
    assertRefused("the model only knows 50");
  }

  @Test
  void whatIsNoModelIsRefused(@TempDir Path empty) {
    assertThatThrownBy(() -> TextEmbedder.open(empty)).isInstanceOf(ModelException.class);
    assertThatThrownBy(() -> TextEmbedder.open(empty.resolve("none")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is no folder");
  }

  @Test
  void aClosedModelSaysSo() {
    TextEmbedder embedder = TextEmbedder.open(folder);
    embedder.close();
    embedder.close();
    assertThatThrownBy(() -> embedder.embed(List.of("the")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void tokensOutsideTheVocabularyAreRefused() {
    try (TokenEncoder encoder = TokenEncoder.open(folder)) {
      assertThatThrownBy(() -> encoder.lastHiddenState(new int[] {2, 200}))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("200");
      assertThatThrownBy(() -> encoder.lastHiddenState(new int[41]))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("41");
    }
  }

  private void assertRefused(String named) {
    assertThatThrownBy(() -> TextEmbedder.open(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(named);
  }

  private void modules(String type, String config) throws IOException {
    Files.writeString(
        folder.resolve("modules.json"),
        """
        [{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
         {"idx": 1, "path": "1_%1$s", "type": "sentence_transformers.models.%1$s"},
         {"idx": 2, "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]
        """
            .formatted(type));
    Files.createDirectories(folder.resolve("1_" + type));
    Files.writeString(folder.resolve("1_" + type).resolve("config.json"), config);
  }

  private void copy(String resource, String name) throws IOException {
    try (var in =
        Objects.requireNonNull(TextEmbedderTest.class.getResourceAsStream(resource), resource)) {
      Files.write(folder.resolve(name), in.readAllBytes());
    }
  }
}
