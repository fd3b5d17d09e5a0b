package dev.dragoman.operators.reading;

import static dev.dragoman.operators.reading.Papers.found;
import static dev.dragoman.operators.reading.Papers.scanned;
import static dev.dragoman.operators.reading.Papers.typed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.models.MissingModelException;
import dev.dragoman.models.catalog.ModelStore;
import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.FilePart;
import dev.dragoman.operators.record.ImagePart;
import dev.dragoman.operators.record.Part;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Sha256;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OcrTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ENGLISH = "{\"languages\": [\"eng\"]}";
  private static final String CARD = "The roof was mended\non Monday morning.";

  @TempDir private static Path home;
  private static OperatorContext context;
  private static Operator reader;
  private static Operator ocr;

  @BeforeAll
  static void open() throws IOException {
    context = new OperatorContext(ModelStore.at(home), OperatorContext.local().contents());
    reader = ExtractText.Config.defaults().open(context);
    ocr = config(ENGLISH).open(context);
  }

  @AfterAll
  static void close() {
    ocr.close();
    reader.close();
  }

  private static Ocr.Config config(String json) throws IOException {
    return Configs.configure(Ocr.Config.class, JSON.readTree(json));
  }

  private static Document opened(String name, byte[] bytes) {
    return ((Outcome.Enriched) reader.apply(List.of(found(name, bytes))).getFirst()).document();
  }

  private static Outcome apply(Document document) {
    return ocr.apply(List.of(document)).getFirst();
  }

  private static Document read(Document document) {
    return ((Outcome.Enriched) apply(document)).document();
  }

  private static Rejected refused(Document document) {
    return ((Outcome.Failed) apply(document)).rejected();
  }

  private static List<String> labels(Document document, String kind) {
    return document.annotationsOf(Annotation.Label.class).stream()
        .filter(label -> label.kind().equals(kind))
        .map(Annotation.Label::value)
        .toList();
  }

  /** A file whose one picture has these bytes, with a text beside it if there is any. */
  private static Document pictured(byte[] picture, String text) {
    Document file = found("a.bin", picture);
    List<Part> parts = new ArrayList<>(file.partsOf(FilePart.class));
    if (!text.isEmpty()) {
      parts.add(new TextPart(PartId.TEXT, PartId.FILE, TextPart.Role.BODY, 0, text));
    }
    parts.add(new ImagePart(new PartId("image"), "image/png", new Content.SameAs(PartId.FILE), 0));
    return file.withParts(parts);
  }

  @Test
  void onlyThePageWithoutATextLayerIsRead() throws Exception {
    Document report =
        read(opened("a.pdf", Papers.pdf(typed("Page one."), scanned(CARD), typed("Page three."))));

    assertThat(report.parts().stream().map(part -> part.id().value()))
        .containsExactly("file", "page:1", "page:2", "ocr:2", "page:3");
    assertThat(report.text()).isEqualTo("Page one.\n\n" + CARD + "\n\nPage three.");
    TextPart recognised = report.textParts().get(1);
    assertThat(recognised.role()).isEqualTo(TextPart.Role.OCR);
    assertThat(recognised.from()).isEqualTo(new PartId("page:2"));
    assertThat(recognised.page()).isEqualTo(2);
    assertThat(report.annotationsOf(Annotation.Region.class))
        .allSatisfy(word -> assertThat(word.page()).isEqualTo(2));
  }

  @Test
  void wordsHaveTheirPlaceInTheTextAndOnThePageAndSayWhoReadThem() throws Exception {
    BufferedImage picture = Papers.picture(CARD);
    Document card = read(opened("a.png", Papers.png(picture)));
    TextPart text = card.textParts().getFirst();
    List<Annotation.Region> words = card.annotationsOf(Annotation.Region.class);

    assertThat(text.id()).isEqualTo(new PartId("ocr:1"));
    assertThat(text.text()).isEqualTo(CARD);
    assertThat(words)
        .extracting(Annotation.Region::value)
        .containsExactly("The", "roof", "was", "mended", "on", "Monday", "morning.");
    assertThat(words)
        .allSatisfy(word -> {
          assertThat(word.kind()).isEqualTo("word");
          assertThat(text.text().substring(word.start(), word.end())).isEqualTo(word.value());
          assertThat(word.confidence()).isBetween(0.5, 1.0);
          assertThat(word.x() + word.width()).isLessThanOrEqualTo(picture.getWidth());
          assertThat(word.y() + word.height()).isLessThanOrEqualTo(picture.getHeight() / 2.0);
          assertThat(word.origin().part()).isEqualTo(text.id());
          assertThat(word.origin().model()).isEqualTo("tesseract-eng");
        });
    assertThat(words.get(4).y()).isGreaterThan(words.get(0).y() + words.get(0).height());
    assertThat(card.provenance().steps())
        .containsExactly(Step.done("ExtractText", "1", ""), Step.done("Ocr", "1", "tesseract-eng"));
    assertThat(labels(card, "skipped")).isEmpty();
    assertThat(labels(card, "rotation")).isEmpty();
  }

  @Test
  void aPageOnItsHeadIsTurnedAndSaysSo() throws Exception {
    Document card = read(opened("a.png", Papers.png(Papers.upsideDown(Papers.picture(CARD)))));

    assertThat(card.text()).isEqualTo(CARD);
    assertThat(labels(card, "rotation")).containsExactly("180");
  }

  @Test
  void everyPageOfATiffIsATextOfItsOwn() throws Exception {
    Document fax =
        read(
            opened(
                "a.tiff",
                Papers.tiff(Papers.picture("First page"), Papers.picture("Second page"))));

    assertThat(fax.textParts())
        .extracting(part -> part.id().value(), TextPart::page, TextPart::text)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("ocr:1", 1, "First page"),
            org.assertj.core.groups.Tuple.tuple("ocr:2", 2, "Second page"));
  }

  @Test
  void aPictureWithoutTextIsKeptWithNone() throws Exception {
    BufferedImage blank = new BufferedImage(400, 300, BufferedImage.TYPE_INT_RGB);
    Document photo = read(opened("a.png", Papers.png(blank)));

    assertThat(photo.textParts()).isEmpty();
    assertThat(labels(photo, "failed")).isEmpty();
    assertThat(photo.provenance().steps().getLast().status()).isEqualTo(Step.Status.DONE);
  }

  @Test
  void aDocumentWithoutPicturesPassesUntouched() throws Exception {
    Document letter = opened("a.txt", Papers.text("Dear Sir"));

    assertThat(apply(letter)).isEqualTo(new Outcome.Enriched(letter));
  }

  @Test
  void aBrokenPictureIsRejectedWhenThereIsNothingElse() throws Exception {
    byte[] png = Papers.png(Papers.picture(CARD));
    Rejected rejected = refused(pictured(java.util.Arrays.copyOf(png, 60), ""));

    assertThat(rejected.failure().code()).isEqualTo(RejectionCode.CORRUPT);
    assertThat(rejected.failure().operator()).isEqualTo("Ocr");
    assertThat(rejected.failure().message()).doesNotContain("Exception");
    assertThat(refused(pictured(new byte[0], "")).failure().code()).isEqualTo(RejectionCode.EMPTY);
    assertThat(refused(pictured(Papers.text("This is no picture."), "")).failure().code())
        .isEqualTo(RejectionCode.UNSUPPORTED);
  }

  @Test
  void aBrokenPictureIsLabelledWhenThereIsTextBesideIt() throws Exception {
    byte[] png = Papers.png(Papers.picture(CARD));
    Document kept = read(pictured(java.util.Arrays.copyOf(png, 60), "Dear Sir"));

    assertThat(kept.text()).isEqualTo("Dear Sir");
    assertThat(labels(kept, "failed")).singleElement().asString().startsWith("CORRUPT: ");
  }

  @Test
  void aPictureThatIsGoneIsUnreadable() {
    URI gone = home.resolve("gone.png").toUri();
    Sha256 digest = Sha256.of(new byte[1]);
    Document document =
        Document.ofFile(gone, "image/png", 1, digest, new Content.Reference(gone, 1, digest));
    List<Part> parts = new ArrayList<>(document.parts());
    parts.add(new ImagePart(new PartId("image"), "image/png", new Content.SameAs(PartId.FILE), 0));

    assertThat(refused(document.withParts(parts)).failure().code())
        .isEqualTo(RejectionCode.UNREADABLE);
  }

  @Test
  void theModelsOfItsLanguagesArePulledAndAreMissedByName() throws Exception {
    assertThat(config("{\"languages\": [\"nld\", \"eng\"]}").models())
        .containsExactly("tessdata-nld");
    assertThatThrownBy(() -> config("{\"languages\": [\"nld\"]}").open(context))
        .isInstanceOf(MissingModelException.class)
        .hasMessageContaining("dragoman model pull tessdata-nld");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"languages": []}         | at least one language
          {"languages": ["../x"]}   | not a language code
          {"min_confidence": 2}     | between 0 and 1
          {"min_page_confidence":-1}| between 0 and 1
          {"page_seconds": 0}       | page_seconds
          {"worker_heap_mb": 16}    | worker_heap_mb
          """)
  void aConfigurationThatMeansNothingIsRefused(String json, String told) {
    assertThatThrownBy(() -> config(json))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(told);
  }

  @Test
  void withoutExtractTextBeforeItIsRefused() throws Exception {
    assertThatThrownBy(() -> config(ENGLISH).checkAfter(List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("put ExtractText before it");
    config(ENGLISH).checkAfter(List.of(ExtractText.Config.defaults()));
  }
}
