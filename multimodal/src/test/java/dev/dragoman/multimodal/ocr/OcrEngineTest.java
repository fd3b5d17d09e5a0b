package dev.dragoman.multimodal.ocr;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
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
