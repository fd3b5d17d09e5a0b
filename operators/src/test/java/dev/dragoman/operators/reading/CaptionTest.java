package dev.dragoman.operators.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.catalog.ModelStore;
import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.ImagePart;
import dev.dragoman.operators.record.Part;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Sha256;
import dev.dragoman.operators.record.Step;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptionTest {
  private static final byte[] BYTES = {1, 2, 3};

  @TempDir Path home;

  private OperatorContext context() {
    return new OperatorContext(
        ModelStore.at(home),
        reference -> {
          throw new IOException("nothing is read");
        });
  }

  private static Caption.Config config(String json) throws IOException {
    return Configs.configure(Caption.Config.class, new ObjectMapper().readTree(json));
  }

  private static Document picture(String mediaType) {
    Document document =
        Document.ofFile(
            URI.create("file:///a.png"),
            mediaType,
            BYTES.length,
            Sha256.of(BYTES),
            new Content.Inline(BYTES));
    List<Part> parts = new ArrayList<>(document.parts());
    parts.add(new ImagePart(new PartId("image"), mediaType, new Content.Inline(BYTES), 0));
    return document.withParts(parts);
  }

  private Document apply(String json, Document document) throws IOException {
    try (Operator operator = config(json).open(context())) {
      Outcome outcome = operator.apply(List.of(document)).getFirst();
      return ((Outcome.Enriched) outcome).document();
    }
  }

  @Test
  void withoutItsModelAPictureIsKeptAndTheStepIsRecordedAsSkipped() throws IOException {
    Document made = apply("{\"on_missing_model\": \"skip\"}", picture("image/png"));
    Step step = made.provenance().steps().getLast();
    assertThat(step.status()).isEqualTo(Step.Status.SKIPPED);
    assertThat(step.note())
        .contains(
            "dragoman model pull vit-gpt2-captioning",
            "nlpconnect/vit-gpt2-image-captioning",
            "models/vit-gpt2-captioning of DRAGOMAN_HOME");
    assertThat(made.annotationsOf(Annotation.Label.class))
        .extracting(Annotation.Label::kind)
        .containsExactly("skipped");
  }

  @Test
  void documentsWithoutPicturesAndPagesOfPdfsPassUntouched() throws IOException {
    Document text = Document.ofText(URI.create("file:///a.txt"), "text/plain", "hello");
    assertThat(apply("{\"on_missing_model\": \"skip\"}", text)).isEqualTo(text);
    Document page = picture("application/pdf");
    assertThat(apply("{\"on_missing_model\": \"skip\"}", page)).isEqualTo(page);
  }

  @Test
  void whereTheModelMustBeThereItSaysBeforeAnythingStartsHowToGetIt() throws IOException {
    Caption.Config config = config("{}");
    assertThat(config.models()).containsExactly("vit-gpt2-captioning");
    assertThatThrownBy(() -> config.open(context()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("vit-gpt2-captioning is not installed")
        .hasMessageContaining("dragoman model pull vit-gpt2-captioning")
        .hasMessageContaining("nlpconnect/vit-gpt2-image-captioning");
    assertThat(config("{\"on_missing_model\": \"skip\"}").models()).isEmpty();
  }

  @Test
  void itsPlaceIsAfterExtractText() {
    assertThatThrownBy(() -> Caption.Config.defaults().checkAfter(List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("put ExtractText before it");
  }

  @Test
  void questionsMustBeThere() {
    assertThatThrownBy(() ->
            Configs.configure(
                AskPicture.Config.class, new ObjectMapper().readTree("{\"questions\": {}}")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("questions");
  }
}
