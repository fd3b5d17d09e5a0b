package dev.dragoman.multimodal.ocr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dragoman.models.MissingModelException;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import net.sourceforge.tess4j.ITessAPI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OcrEngineTest {
  static final Path CACHE = Path.of("target", "ocr-cache");

  private static OcrEngine engine;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    engine = OcrEngine.open(OcrSettings.of("eng"), List.of(), CACHE);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @Test
  void cleanPageIsReadWordForWord() throws Exception {
    Sheet sheet = Sheet.a4(Sheet.ENGLISH);

    OcrPage page = read(sheet.picture());

    assertThat(recall(sheet, page)).isGreaterThanOrEqualTo(0.98);
    assertThat(page.text().replace("\n", " ")).isEqualTo(sheet.text());
    assertThat(page.confidence()).isGreaterThan(0.9);
    assertThat(page.rotation()).isZero();
    assertThat(page.skew()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {90, 180, 270})
  void lyingPageIsTurnedUpright(int degrees) throws Exception {
    Sheet sheet = Sheet.a4(Sheet.ENGLISH);

    OcrPage page = read(sheet.lying(degrees).picture());

    assertThat(page.rotation()).isEqualTo(360 - degrees);
    assertThat(page.width()).isEqualTo(2480);
    assertThat(recall(sheet, page)).isGreaterThanOrEqualTo(0.95);
    assertThat(overlap(sheet, page)).isGreaterThan(0.7);
  }

  @Test
  void skewedPageIsStraightenedAndItsBoxesLieOnTheUprightPage() throws Exception {
    Sheet sheet = Sheet.a4(Sheet.ENGLISH);

    OcrPage page = read(sheet.skewed(3).picture());

    assertThat(page.skew()).isCloseTo(-3, within(0.3));
    assertThat(recall(sheet, page)).isGreaterThanOrEqualTo(0.95);
    assertThat(overlap(sheet, page)).isGreaterThan(0.7);
  }

  @Test
  void pageThatLiesAndIsSkewedIsReadToo() throws Exception {
    Sheet sheet = Sheet.a4(Sheet.ENGLISH);

    OcrPage page = read(sheet.skewed(-2).lying(90).picture());

    assertThat(page.rotation()).isEqualTo(270);
    assertThat(page.skew()).isCloseTo(2, within(0.3));
    assertThat(recall(sheet, page)).isGreaterThanOrEqualTo(0.95);
    assertThat(overlap(sheet, page)).isGreaterThan(0.7);
  }

  @Test
  void grainPepperAndSaltAreSeenThrough() throws Exception {
    Sheet sheet = Sheet.a4(Sheet.ENGLISH).noisy(7);

    OcrPage page = read(sheet.picture());

    assertThat(recall(sheet, page)).isGreaterThanOrEqualTo(0.9);
    assertThat(overlap(sheet, page)).isGreaterThan(0.7);
  }

  @Test
  void columnsAreReadOneAfterTheOther() throws Exception {
    Sheet sheet = Sheet.columns(2480, 3508, 42, List.of(Sheet.ENGLISH, Sheet.DUTCH));

    OcrPage page = read(sheet.picture());

    assertThat(page.text().replaceAll("\\s+", " ").indexOf("first of November."))
        .isPositive()
        .isLessThan(page.text().replaceAll("\\s+", " ").indexOf("De gemeente heeft"));
    assertThat(recall(sheet, page)).isGreaterThanOrEqualTo(0.9);
  }

  /** The letters are 8 pixels high, as on a picture of a screen. */
  @Test
  void smallLettersAreEnlarged() throws Exception {
    Sheet sheet = Sheet.columns(900, 400, 15, List.of(Sheet.ENGLISH));

    OcrPage page = read(sheet.picture());

    assertThat(recall(sheet, page)).isGreaterThanOrEqualTo(0.95);
    assertThat(page.width()).isEqualTo(900);
    assertThat(overlap(sheet, page)).isGreaterThan(0.6);
  }

  @Test
  void fewWordsLyingOnTheirSideAreTurnedByTryingEachSide() throws Exception {
    Sheet sheet = Sheet.columns(800, 300, 50, List.of("Fragile glass inside"));

    OcrPage page = read(sheet.lying(180).picture());

    assertThat(page.rotation()).isEqualTo(180);
    assertThat(recall(sheet, page)).isEqualTo(1);
  }

  @Test
  void wordsStandInTheTextWhereTheirOffsetsSay() throws Exception {
    OcrPage page = read(Sheet.a4(Sheet.ENGLISH).picture());

    assertThat(page.words())
        .isNotEmpty()
        .allSatisfy(word -> {
          assertThat(page.text().substring(word.start(), word.end())).isEqualTo(word.text());
          assertThat(word.confidence()).isBetween(0.3, 1.0);
        });
  }

  @Test
  void blankPageHasNoTextAndIsNoFailure() throws Exception {
    OcrPage page = read(Sheet.blank(600, 800));

    assertThat(page.text()).isEmpty();
    assertThat(page.words()).isEmpty();
    assertThat(page.confidence()).isZero();
  }

  /** Blurred random shapes stand for a photograph. */
  @Test
  void pictureWithoutTextStaysSilent() throws Exception {
    assertThat(read(Scenery.picture(800, 600, 5)).text()).isEmpty();
  }

  @Test
  void samePageReadsTheSameAfterAnother() throws Exception {
    Sheet sheet = Sheet.columns(1200, 900, 34, List.of(Sheet.ENGLISH));
    OcrPage first = read(sheet.picture());
    read(Sheet.columns(1200, 900, 34, List.of(Sheet.DUTCH)).picture());

    assertThat(read(sheet.picture())).isEqualTo(first);
  }

  @Test
  void languageFromAFolderIsLoadedBesideTheBuiltInOne() throws Exception {
    Path data = Files.createDirectories(folder.resolve("tessdata-xyz"));
    try (InputStream english = ITessAPI.class.getResourceAsStream("/tessdata/eng.traineddata")) {
      Files.copy(Objects.requireNonNull(english), data.resolve("xyz.traineddata"));
    }
    Path file = folder.resolve("note.png");
    Sheet sheet = Sheet.columns(800, 300, 50, List.of("Please sign both copies"));
    ImageIO.write(sheet.picture(), "png", file.toFile());

    try (OcrEngine two = OcrEngine.open(OcrSettings.of("eng", "xyz"), List.of(folder), CACHE)) {
      assertThat(two.recognize(file, "image/png", 1).pages().getFirst().text())
          .isEqualTo("Please sign both copies");
    }
  }

  @Test
  void missingLanguageNamesTheCommandThatGetsIt() {
    assertThatThrownBy(() -> OcrEngine.open(OcrSettings.of("eng", "fra"), List.of(folder), CACHE))
        .isInstanceOf(MissingModelException.class)
        .hasMessageContaining("dragoman model pull tessdata-fra");
  }

  private OcrPage read(BufferedImage picture) throws Exception {
    Path file = folder.resolve("page.png");
    ImageIO.write(picture, "png", file.toFile());
    OcrResult result = engine.recognize(file, "image/png", 0);
    assertThat(result.problems()).isEmpty();
    return result.pages().getFirst();
  }

  /** Share of the sheet's words found, each as often as it stands there. */
  static double recall(Sheet sheet, OcrPage page) {
    List<String> left = new ArrayList<>(page.words().stream().map(OcrWord::text).toList());
    long found = sheet.words().stream().filter(word -> left.remove(word.text())).count();
    return (double) found / sheet.words().size();
  }

  /** Mean over the words of intersection over union with the best box that was read. */
  static double overlap(Sheet sheet, OcrPage page) {
    return sheet.words().stream()
        .mapToDouble(word ->
            page.words().stream()
                .filter(read -> read.text().equals(word.text()))
                .mapToDouble(read -> overlap(word.box(), box(read)))
                .max()
                .orElse(0))
        .average()
        .orElse(0);
  }

  private static Rectangle box(OcrWord word) {
    return new Rectangle(word.x(), word.y(), word.width(), word.height());
  }

  private static double overlap(Rectangle one, Rectangle other) {
    Rectangle both = one.intersection(other);
    if (both.isEmpty()) {
      return 0;
    }
    double shared = (double) both.width * both.height;
    return shared
        / ((double) one.width * one.height + (double) other.width * other.height - shared);
  }
}
