package dev.dragoman.tests.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.MissingModelException;
import dev.dragoman.models.catalog.CatalogEntry;
import dev.dragoman.models.catalog.FileCheck;
import dev.dragoman.models.catalog.ModelPuller;
import dev.dragoman.models.catalog.ModelStore;
import dev.dragoman.models.catalog.PullException;
import dev.dragoman.models.catalog.PullListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulls for real, from whichever source of the catalog this machine reaches. */
class RealPullTest {
  @TempDir Path home;

  @Test
  void theEmbeddingModelArrivesInAnEmptyHomeAndVerifies() {
    ModelStore store = ModelStore.at(home);
    assertThatThrownBy(() -> store.require("all-minilm-l6-v2"))
        .isInstanceOf(MissingModelException.class);
    List<Long> progress = new ArrayList<>();
    PullListener listener =
        new PullListener() {
          @Override
          public void progress(CatalogEntry model, long done, long total) {
            progress.add(done);
          }
        };

    Path folder = ModelPuller.into(store).heardBy(listener).pull("all-minilm-l6-v2");

    assertThat(folder.resolve("model.safetensors")).hasSize(90_868_376);
    assertThat(store.verify("all-minilm-l6-v2")).hasSize(9).allMatch(FileCheck::good);
    assertThat(progress).hasSizeGreaterThan(5).endsWith(91_567_797L);
    // Once here, it is here offline as well.
    assertThat(ModelPuller.into(store).offline(true).pull("all-minilm-l6-v2")).isEqualTo(folder);
  }

  @Test
  void dutchForTheTextRecogniserArrivesUnpacked() {
    ModelStore store = ModelStore.at(home);

    ModelPuller.ensure(store, "tessdata-nld");

    assertThat(store.verify("tessdata-nld")).hasSize(1).allMatch(FileCheck::good);
  }

  @Test
  void anEmptyHomeOfflineSaysHowToGetTheModel() {
    ModelPuller offline = ModelPuller.into(ModelStore.at(home)).offline(true);

    assertThatThrownBy(() -> offline.pull("all-minilm-l6-v2"))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("pull it once while online");
  }
}
