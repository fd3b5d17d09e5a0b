package dev.dragoman.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.models.architecture.SmallCheckpoint;
import dev.dragoman.models.vision.Pixels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Folders with just the files that models have on the hub, and what transformers says with them
 * (made by tests/parity/captions.py).
 */
class PictureModelsTest {
  private static final List<Integer> BEAMS = List.of(1, 3);

  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void nameTheFolder() {
    folder = temporary.resolve("model");
  }

  private JsonNode unpack(String name) throws IOException {
    SmallCheckpoint.unzip("/dev/dragoman/models/captions/" + name + ".zip", folder);
    return new ObjectMapper().readTree(folder.resolve("golden.json").toFile());
  }

  private List<Pixels> pictures() throws IOException {
    List<Pixels> pictures = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      pictures.add(Pixels.of(ImageIO.read(folder.resolve("picture." + i + ".png").toFile())));
    }
    return pictures;
  }

  private static void assertSame(List<Description> said, JsonNode golden, int search) {
    for (int i = 0; i < said.size(); i++) {
      JsonNode expected = golden.get(i).get(search);
      assertThat(said.get(i).text()).isEqualTo(expected.get("text").textValue());
      assertThat(said.get(i).score()).isCloseTo(expected.get("score").doubleValue(), within(1e-4));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vit-gpt2", "blip-caption"})
  void captionsAndTheirScoresAreThoseOfTheReferenceGreedilyAndWithBeams(String name)
      throws IOException {
    JsonNode golden = unpack(name);
    assertThat(PictureDescriber.isOne(folder)).isTrue();
    assertThat(PictureEmbedder.isOne(folder)).isFalse();
    try (PictureDescriber model = PictureDescriber.open(folder, 2)) {
      assertThat(model.captions()).isTrue();
      for (int search = 0; search < BEAMS.size(); search++) {
        DescribeOptions how = DescribeOptions.defaults().withBeams(BEAMS.get(search));
        assertSame(model.caption(pictures(), how), golden.get("captions"), search);
        if (golden.has("prompted")) {
          assertSame(
              model.caption(pictures(), how.withPrompt("a photo of")),
              golden.get("prompted"),
              search);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"blip-question", "smolvlm"})
  void answersAndTheirScoresAreThoseOfTheReferenceGreedilyAndWithBeams(String name)
      throws IOException {
    JsonNode golden = unpack(name);
    try (PictureDescriber model = PictureDescriber.open(folder)) {
      assertThat(model.answers()).isTrue();
      List<PictureDescriber.Question> questions =
          pictures().stream()
              .map(one -> new PictureDescriber.Question(one, "how many cats are there"))
              .toList();
      for (int search = 0; search < BEAMS.size(); search++) {
        DescribeOptions how = DescribeOptions.defaults().withBeams(BEAMS.get(search));
        assertSame(model.answer(questions, how), golden.get("answers"), search);
      }
    }
  }

  @Test
  void textsAreMadePlainForSiglipAsInTheReference() throws IOException {
    JsonNode golden = unpack("siglip");
    for (int i = 0; i < golden.get("labels").size(); i++) {
      assertThat(TowerEmbedder.canonical(golden.get("labels").get(i).textValue()))
          .isEqualTo(golden.get("canonical").get(i).textValue());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"clip", "siglip"})
  void picturesAndTextsLieInOneSpaceAsInTheReference(String name) throws IOException {
    JsonNode golden = unpack(name);
    assertThat(PictureEmbedder.isOne(folder)).isTrue();
    assertThat(PictureDescriber.isOne(folder)).isFalse();
    List<String> labels = new ArrayList<>();
    golden.get("labels").forEach(label -> labels.add(label.textValue()));
    try (PictureEmbedder model = PictureEmbedder.open(folder, 2)) {
      assertClose(model.embed(pictures()), golden.get("pictures"));
      assertClose(model.embedTexts(labels), golden.get("texts"));
      List<List<Scored>> scored = model.label(pictures(), labels);
      for (int i = 0; i < scored.size(); i++) {
        for (Scored one : scored.get(i)) {
          assertThat(one.score())
              .isCloseTo(
                  golden.get("shares").get(i).get(labels.indexOf(one.label())).doubleValue(),
                  within(1e-4));
        }
        assertThat(scored.get(i))
            .isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
      }
    }
  }

  private static void assertClose(float[][] vectors, JsonNode golden) {
    for (int i = 0; i < vectors.length; i++) {
      for (int k = 0; k < vectors[i].length; k++) {
        assertThat(vectors[i][k])
            .isCloseTo((float) golden.get(i).get(k).doubleValue(), within(1e-4f));
      }
    }
  }

  @Test
  void aModelThatCannotDoWhatIsAskedOfItSaysWhatItDoes() throws IOException {
    unpack("vit-gpt2");
    try (PictureDescriber model = PictureDescriber.open(folder)) {
      assertThatThrownBy(() -> model.answer(List.of(), DescribeOptions.defaults()))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("writes captions");
    }
    assertThatThrownBy(() -> PictureEmbedder.open(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("does not compare them");
  }

  @ParameterizedTest
  @ValueSource(strings = {"preprocessor_config.json", "tokenizer.json", "config.json"})
  void aFolderWithoutOneOfItsFilesIsRefusedByThatName(String file) throws IOException {
    unpack("blip-caption");
    Files.delete(folder.resolve(file));
    assertThatThrownBy(() -> PictureDescriber.open(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(file.equals("config.json") ? "no model for pictures" : file);
  }
}
