package dev.dragoman.tests.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.models.EmbedOptions;
import dev.dragoman.models.LanguageModel;
import dev.dragoman.models.TextClassifier;
import dev.dragoman.models.TextEmbedder;
import dev.dragoman.models.TokenEncoder;
import dev.dragoman.models.WeightType;
import dev.dragoman.tests.StarterModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The {@code model} verbs, as users and their scripts call them. */
class ModelCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHAT_MODEL = "smollm2-135m-instruct";

  @TempDir private Path folder;

  private static Cli.Result fine(Cli.Result result) {
    assertThat(result.code()).as(result.err()).isZero();
    return result;
  }

  private static List<JsonNode> generate(String lines, String... flags) {
    return generate(Cli.dragoman(), lines, flags);
  }

  private static List<JsonNode> generate(Cli cli, String lines, String... flags) {
    String[] command = new String[4 + flags.length];
    List<String> start = List.of("model", "generate", "--model", CHAT_MODEL);
    for (int i = 0; i < command.length; i++) {
      command[i] = i < 4 ? start.get(i) : flags[i - 4];
    }
    return fine(cli.reading(lines).run(command)).json();
  }

  @Test
  void aPlainLineIsGoneOnWithAndEveryFieldIsThere() {
    List<JsonNode> lines =
        generate("The capital of France is\nOne, two, three,\n", "--max-tokens", "6");
    assertThat(lines).hasSize(2);
    for (JsonNode line : lines) {
      assertThat(line.properties().stream().map(Map.Entry::getKey))
          .contains("text", "ids", "finish", "prompt_tokens", "prefill_seconds", "decode_seconds");
      assertThat(line.path("ids")).hasSizeLessThanOrEqualTo(6).isNotEmpty();
      assertThat(line.path("prefill_seconds").doubleValue()).isPositive();
      assertThat(line.path("decode_seconds").doubleValue()).isPositive();
    }
    assertThat(lines.get(0).path("text").textValue()).startsWith(" Paris");
    assertThat(lines.get(0).path("prompt_tokens").intValue()).isEqualTo(5);
    assertThat(lines.get(0).path("finish").textValue()).isEqualTo("length");
    assertThat(lines.get(1).path("text").textValue()).startsWith(" four, five");
  }

  @Test
  void aChatAnswersAndEndsBeforeTheStopString() {
    JsonNode answer =
        generate("What is the capital of France?\n", "--chat", "--max-tokens", "24", "--stop", ".")
            .getFirst();
    assertThat(answer.path("text").textValue()).contains("Paris").doesNotContain(".", "<|im");
    assertThat(answer.path("finish").textValue()).isEqualTo("stop");
    assertThat(answer.path("prompt_tokens").intValue()).isGreaterThan(20);
  }

  @Test
  void jsonSatisfiesItsSchema() throws IOException {
    Path schema =
        Files.writeString(
            folder.resolve("parcel.schema.json"),
            """
            {"type": "object", "additionalProperties": false,
             "required": ["city", "weight", "state"],
             "properties": {
               "city": {"type": "string", "maxLength": 12},
               "weight": {"type": "integer", "minimum": 1, "maximum": 50},
               "state": {"enum": ["sent", "lost", "delivered"]}}}
            """);
    JsonNode line =
        generate(
                "A parcel of 3 kg from Delft was delivered. As JSON:\n",
                "--json-schema",
                schema.toString(),
                "--max-tokens",
                "60")
            .getFirst();
    JsonNode parcel = JSON.readTree(line.path("text").textValue());
    assertThat(parcel.properties()).hasSize(3);
    assertThat(parcel.path("city").textValue()).isNotNull().hasSizeLessThanOrEqualTo(12);
    assertThat(parcel.path("weight").isIntegralNumber()).isTrue();
    assertThat(parcel.path("weight").intValue()).isBetween(1, 50);
    assertThat(parcel.path("state").textValue()).isIn("sent", "lost", "delivered");
  }

  @Test
  void theSameSeedGivesTheSameTextOnAnyNumberOfThreads() {
    String[] flags = {"--temperature", "1", "--seed", "7", "--max-tokens", "12"};
    String prompt = "Once upon a time\n";
    List<JsonNode> two = generate(prompt.repeat(2), flags);
    List<JsonNode> one = generate(Cli.dragoman().jvm("-Ddragoman.threads=1"), prompt, flags);
    assertThat(two.get(1).path("ids")).isEqualTo(two.get(0).path("ids"));
    assertThat(one.getFirst().path("ids")).isEqualTo(two.get(0).path("ids"));
    flags[3] = "8";
    assertThat(generate(prompt, flags).getFirst().path("ids")).isNotEqualTo(two.get(0).path("ids"));
  }

  private static JsonNode forward(Path model, int[] ids) throws IOException {
    return fine(Cli.dragoman()
            .reading(JSON.writeValueAsString(ids) + "\n")
            .run("model", "forward", "--model", model.toString()))
        .json()
        .getFirst();
  }

  private static float[][] rows(JsonNode line, String field) throws IOException {
    assertThat(line.properties()).extracting(Map.Entry::getKey).containsExactly(field);
    return JSON.treeToValue(line.path(field), float[][].class);
  }

  @ParameterizedTest
  @CsvSource({"architecture/decoders/llama", "architecture/decoders-gguf/qwen3.gguf"})
  void aLanguageModelGivesLogitsForEachPosition(String model) throws IOException {
    int[] ids = {3, 1, 4, 1, 5};
    float[][] logits = rows(forward(SmallModels.at(model), ids), "logits");
    try (LanguageModel same = LanguageModel.open(SmallModels.at(model))) {
      assertThat(logits).isDeepEqualTo(same.logits(ids)).hasNumberOfRows(5);
    }
  }

  @Test
  void anEncoderGivesItsLastHiddenStateOrOneRowOfScoresIfItClassifies() throws IOException {
    int[] ids = {2, 7, 1, 8};
    Path bare = SmallModels.unzip("architecture/encoders/distilbert.zip", folder.resolve("bare"));
    float[][] states = rows(forward(bare, ids), "last_hidden_state");
    try (TokenEncoder same = TokenEncoder.open(bare)) {
      assertThat(states).isDeepEqualTo(same.lastHiddenState(ids)).hasNumberOfRows(4);
    }
    Path labels =
        SmallModels.unzip("architecture/encoders/bert-labels.zip", folder.resolve("labels"));
    float[][] scores = rows(forward(labels, ids), "logits");
    try (TokenEncoder same = TokenEncoder.open(labels)) {
      assertThat(scores).isDeepEqualTo(same.logits(ids)).hasNumberOfRows(1);
    }
  }

  @Test
  void linesAreClassifiedBestLabelFirst() throws IOException {
    Path model = SmallModels.unzip("pipelines/classify-single.zip", folder);
    List<JsonNode> lines =
        fine(Cli.dragoman()
                .reading("where is my parcel\n\nthe second line\n")
                .run("model", "classify", "--model", model.toString()))
            .json();
    assertThat(lines).hasSize(3);
    try (TextClassifier same = TextClassifier.open(model)) {
      JsonNode labels = lines.getFirst().path("labels");
      assertThat(labels).hasSize(3);
      double sum = 0;
      for (int i = 0; i < 3; i++) {
        assertThat(labels.get(i).path("name").textValue())
            .isEqualTo(same.classify("where is my parcel").get(i).label());
        sum += labels.get(i).path("score").doubleValue();
      }
      assertThat(sum).isCloseTo(1, within(1e-6));
      assertThat(labels.get(0).path("score").doubleValue())
          .isGreaterThan(labels.get(2).path("score").doubleValue());
    }
  }

  @Test
  void linesAreEmbeddedWithTheModelsOwnPrompt() throws IOException {
    Path model = StarterModels.e5();
    List<JsonNode> lines =
        fine(Cli.dragoman()
                .reading("waar is mijn pakket\nwhere is my parcel\n")
                .run("model", "embed", "--model", model.toString(), "--prompt", "query"))
            .json();
    assertThat(lines).hasSize(2);
    EmbedOptions how = EmbedOptions.defaults().withPrefix("query: ");
    try (TextEmbedder same = TextEmbedder.open(model, how)) {
      float[] expected = same.embed(List.of("waar is mijn pakket"))[0];
      assertThat(JSON.treeToValue(lines.getFirst().path("embedding"), float[].class))
          .containsExactly(expected);
      assertThat(lines.getFirst().path("tokens").intValue())
          .isEqualTo(same.tokenizer().encodeForModel("query: waar is mijn pakket", 512).size());
    }
  }

  private static JsonNode bench(String... flags) {
    Cli.Result result = fine(Cli.dragoman().run(flags));
    assertThat(result.err()).contains("warming up").contains("measuring");
    assertThat(result.json()).hasSize(1);
    JsonNode bench = result.json().getFirst();
    for (String field :
        List.of(
            "items_per_second",
            "tokens_per_second",
            "p50_ms",
            "p99_ms",
            "allocated_bytes_per_token",
            "load_ms",
            "first_token_ms")) {
      assertThat(bench.path(field).doubleValue()).as(field).isPositive();
    }
    assertThat(bench.path("p99_ms").doubleValue())
        .isGreaterThanOrEqualTo(bench.path("p50_ms").doubleValue());
    assertThat(bench.path("first_token_ms").doubleValue())
        .isGreaterThan(bench.path("load_ms").doubleValue());
    assertThat(bench.path("kernels").textValue()).matches("vector, \\d+ bits, \\d+ lanes");
    assertThat(bench.path("threads").intValue()).isEqualTo(1);
    return bench;
  }

  @Test
  void benchMeasuresWhatTheModelIsMadeFor() throws IOException {
    String classifier = SmallModels.unzip("pipelines/classify-single.zip", folder).toString();
    Path input = Files.writeString(folder.resolve("texts.txt"), "where is my parcel\n\nthe end\n");
    String[] flags = {
      "model",
      "bench",
      "--model",
      classifier,
      "--seconds",
      "0.5",
      "--threads",
      "1",
      "--input",
      input.toString()
    };
    assertThat(bench(flags).path("task").textValue()).isEqualTo("classify");
    String[] embed = Arrays.copyOf(flags, flags.length + 2);
    embed[flags.length] = "--task";
    embed[flags.length + 1] = "embed";
    assertThat(bench(embed).path("task").textValue()).isEqualTo("embed");
    String[] bytes = Arrays.copyOf(embed, embed.length + 2);
    bytes[embed.length] = "--weights";
    bytes[embed.length + 1] = "int8";
    assertThat(bench(bytes).path("weights").textValue()).isEqualTo("int8");
    bytes[flags.length + 1] = "classify";
    Cli.Result refused = Cli.dragoman().run(bytes);
    assertThat(refused.code()).isNotZero();
    assertThat(refused.err()).contains("--weights is for embedding");
  }

  @Test
  void linesAreEmbeddedWithWeightsOfEightBits() throws IOException {
    Path model = SmallModels.unzip("pipelines/modules-mean.zip", folder);
    List<JsonNode> lines =
        fine(Cli.dragoman()
                .reading("where is my parcel\n")
                .run("model", "embed", "--model", model.toString(), "--weights", "int8"))
            .json();
    EmbedOptions how = EmbedOptions.defaults().withWeights(WeightType.INT8);
    try (TextEmbedder same = TextEmbedder.open(model, how);
        TextEmbedder singles = TextEmbedder.open(model)) {
      List<String> text = List.of("where is my parcel");
      assertThat(JSON.treeToValue(lines.getFirst().path("embedding"), float[].class))
          .containsExactly(same.embed(text)[0])
          .isNotEqualTo(singles.embed(text)[0]);
    }
  }

  @Test
  void benchTellsReadingAndWritingOfALanguageModelApart() {
    JsonNode bench =
        bench(
            "model",
            "bench",
            "--model",
            CHAT_MODEL,
            "--seconds",
            "1",
            "--threads",
            "1",
            "--max-tokens",
            "4");
    assertThat(bench.path("task").textValue()).isEqualTo("generate");
    assertThat(bench.path("prefill_tokens_per_second").doubleValue()).isPositive();
    assertThat(bench.path("decode_tokens_per_second").doubleValue()).isPositive();
    assertThat(bench.path("tokens").intValue()).isEqualTo(4 * bench.path("items").intValue());
  }
}
