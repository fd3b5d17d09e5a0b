package dev.dragoman.tests.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The {@code model} verbs on models that put pictures and texts into one space. */
class PictureVerbsTest {
  @TempDir private Path folder;

  private JsonNode unpack(String name) throws IOException {
    SmallModels.unzip("captions/" + name + ".zip", folder);
    return new ObjectMapper().readTree(folder.resolve("golden.json").toFile());
  }

  private Cli.Result model(String verb, String lines, String... flags) {
    List<String> all = new ArrayList<>(List.of("model", verb, "--model", folder.toString()));
    all.addAll(List.of(flags));
    return Cli.dragoman().reading(lines).run(all.toArray(String[]::new));
  }

  private String picture(int number) {
    return folder.resolve("picture." + number + ".png").toString();
  }

  private static List<JsonNode> fine(Cli.Result result) {
    assertThat(result.code()).as(result.err()).isZero();
    return result.json();
  }

  private static void assertClose(JsonNode found, JsonNode golden) {
    assertThat(found).hasSameSizeAs(golden);
    for (int i = 0; i < golden.size(); i++) {
      assertThat(found.get(i).doubleValue()).isCloseTo(golden.get(i).doubleValue(), within(1e-4));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"clip", "siglip"})
  void picturesAndTextsAreEmbeddedAndLabelledAsInTheReference(String name) throws IOException {
    JsonNode golden = unpack(name);
    String text = golden.get("labels").get(1).textValue();
    List<JsonNode> texts = fine(model("embed", text + "\n"));
    assertThat(texts).hasSize(1);
    assertClose(texts.getFirst().get("embedding"), golden.get("texts").get(1));
    assertThat(texts.getFirst().get("tokens").intValue()).isPositive();
    List<JsonNode> pictures =
        fine(model("embed", picture(0) + "\n" + picture(1) + "\n", "--pictures"));
    assertThat(pictures).hasSize(2);
    assertClose(pictures.get(1).get("embedding"), golden.get("pictures").get(1));
    List<JsonNode> labels =
        fine(
            model(
                "classify",
                "",
                "--labels",
                "cat,dog",
                "--template",
                "a photo of a {}",
                "--image",
                picture(0),
                "--image",
                picture(2)));
    assertThat(labels).hasSize(2);
    JsonNode best = labels.getFirst().get("labels");
    assertThat(best).hasSize(2);
    assertThat(best.get(0).get("score").doubleValue())
        .isGreaterThan(best.get(1).get("score").doubleValue());
    for (JsonNode label : best) {
      int other = label.get("name").textValue().equals("cat") ? 0 : 1;
      double score = golden.get("shares").get(0).get(other).doubleValue();
      double all =
          name.equals("siglip")
              ? 1
              : golden.get("shares").get(0).get(0).doubleValue()
                  + golden.get("shares").get(0).get(1).doubleValue();
      assertThat(label.get("score").doubleValue()).isCloseTo(score / all, within(1e-4));
    }
  }

  @Test
  void whatDoesNotFitTheModelIsSaidPlainly() throws IOException {
    unpack("clip");
    Cli.Result none = model("classify", picture(0) + "\n");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("no labels of its own").contains("--labels cat,dog");
    Cli.Result lost = model("embed", "nowhere.png\n", "--pictures");
    assertThat(lost.code()).isEqualTo(2);
    assertThat(lost.err()).contains("no readable picture 'nowhere.png'");
    assertThat(model("embed", "a\n", "--pooling", "cls").err()).contains("--pooling is for models");
  }
}
