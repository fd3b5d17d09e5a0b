package dev.dragoman.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.architecture.SmallCheckpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFactsTest {
  @TempDir private Path temp = Path.of("");

  @Test
  void aFolderOfHuggingFaceTellsItsClassItsNumbersAndTheLicenceOfItsCard() throws IOException {
    SmallCheckpoint.unzip("/dev/dragoman/models/pipelines/text-marian.zip", temp);
    Files.writeString(temp.resolve("README.md"), "---\nlanguage: nl\nlicense: apache-2.0\n---\n");
    ModelFacts facts = ModelFacts.of(temp);
    assertThat(facts.format()).isEqualTo("safetensors");
    assertThat(facts.architecture()).isEqualTo("MarianMTModel");
    assertThat(facts.licence()).isEqualTo("apache-2.0");
    assertThat(facts.types()).containsOnly(Map.entry("F32", facts.numbers()));
    assertThat(facts.tensors())
        .contains(
            new ModelFacts.Shape("model.decoder.layers.1.fc1.weight", "F32", List.of(28L, 24L)));
    assertThat(facts.files())
        .filteredOn(file -> file.path().equals("README.md"))
        .singleElement()
        .satisfies(file -> assertThat(file.sha256()).hasSize(64));
  }

  @Test
  void aFileOfCTranslate2TellsHowItsWeightsAreStoredAndItsSettings() throws IOException {
    Path file = temp.resolve("model.bin");
    try (InputStream in =
        Objects.requireNonNull(
            getClass()
                .getResourceAsStream("/dev/dragoman/models/format/ctranslate2/marian-int8.bin"))) {
      Files.copy(in, file);
    }
    ModelFacts facts = ModelFacts.of(temp);
    assertThat(facts.format()).startsWith("CTranslate2 ");
    assertThat(facts.architecture()).startsWith("TransformerSpec, revision ");
    assertThat(facts.types()).containsKeys("I8 scaled", "F32");
    assertThat(facts.settings()).containsEntry("encoder/num_heads", "2");
    assertThat(facts.licence()).isEmpty();
  }

  @Test
  void aFolderThatIsNamedFromHereIsTheSame() throws IOException {
    SmallCheckpoint.unzip("/dev/dragoman/models/pipelines/text-marian.zip", temp);
    Path relative = Path.of("").toAbsolutePath().relativize(temp.toAbsolutePath());
    assertThat(ModelFacts.of(relative).files()).isEqualTo(ModelFacts.of(temp).files());
  }

  @Test
  void aFolderWithoutWeightsIsNamed() {
    assertThatThrownBy(() -> ModelFacts.of(temp))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(temp.toString());
  }
}
