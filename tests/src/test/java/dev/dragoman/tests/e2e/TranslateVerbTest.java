package dev.dragoman.tests.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code dragoman model translate} with a small Marian, beside what transformers makes of it. */
class TranslateVerbTest {
  @TempDir private Path folder;

  private Path model() throws IOException {
    return SmallModels.unzip("pipelines/text-marian.zip", folder.resolve("marian"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"own, 0", "greedy, 1"})
  void linesBecomeWhatTheReferenceMakesOfThem(String search, String beams) throws IOException {
    Path model = model();
    JsonNode golden =
        new ObjectMapper().readTree(model.resolve("golden.json").toFile()).path(search);
    List<String> texts = new ArrayList<>();
    golden.path("texts").forEach(text -> texts.add(text.asText()));
    Cli.Result result =
        Cli.dragoman()
            .reading(String.join("\n", texts) + "\n")
            .run("model", "translate", "--model", model.toString(), "--num-beams", beams);
    assertThat(result.code()).as(result.err()).isZero();
    List<JsonNode> lines = result.json();
    assertThat(lines).hasSameSizeAs(texts);
    for (int i = 0; i < lines.size(); i++) {
      JsonNode line = lines.get(i);
      JsonNode wanted = golden.path("found").get(i);
      assertThat(line.properties().stream().map(Map.Entry::getKey))
          .containsExactly("text", "score", "source_tokens", "target_tokens");
      assertThat(line.path("text").asText()).isEqualTo(wanted.path("text").asText());
      assertThat(line.path("source_tokens").asInt()).isEqualTo(wanted.path("source").size());
      assertThat(line.path("score").asDouble()).isNegative();
    }
  }

  @Test
  void mistakesAreToldInALine() throws IOException {
    Path terms = Files.writeString(folder.resolve("terms.csv"), "a,b,Dutch\n");
    Cli.Result result =
        Cli.dragoman()
            .reading("x\n")
            .run(
                "model",
                "translate",
                "--model",
                model().toString(),
                "--glossary",
                terms.toString());
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("--glossary", "terms.csv", "line 1", "nl-en");
  }
}
