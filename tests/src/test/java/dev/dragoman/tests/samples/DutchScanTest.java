package dev.dragoman.tests.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.tests.e2e.Cli;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Dutch scan, read with the Dutch data that {@code model pull} brings. */
class DutchScanTest {
  /** Words whose marks English does not know. */
  private static final List<String> MARKED =
      List.of("coördinator", "reünie", "geïnteresseerde", "financiële", "België", "ruïne");

  private static final String LETTER =
      """
      Geachte mevrouw De Wit,

      De coördinator van de reünie stuurt iedere geïnteresseerde bewoner
      een overzicht van de financiële bijdragen. De excursie naar de ruïne
      in België gaat door wanneer zich ten minste twintig deelnemers hebben
      aangemeld. Tegen dit besluit kunt u binnen zes weken bezwaar maken.

      Met vriendelijke groet,
      het college van burgemeester en wethouders
      """;

  @TempDir private static Path folder;
  private static BufferedImage scan;
  private static JsonNode document;

  @BeforeAll
  static void readIt() throws Exception {
    Cli.Result pulled = Cli.dragoman().run("model", "pull", "tessdata-nld");
    assertThat(pulled.code()).as(pulled.err()).isZero();
    scan = Pictures.scanned(Scans.page(Letters.PERMIT_HEAD, LETTER), 0.7, 300, 21);
    document = ocr("[\"nld\", \"eng\"]");
  }

  private static JsonNode ocr(String languages) throws Exception {
    Path file = Files.write(folder.resolve("brief.png"), Pictures.png(scan));
    Cli.Result result =
        Cli.dragoman()
            .run("try", "Ocr", "--config", "{\"languages\": " + languages + "}", file.toString());
    assertThat(result.code()).as(result.err()).isZero();
    return result.json().getFirst();
  }

  private static String text(JsonNode read) {
    return StreamSupport.stream(read.get("parts").spliterator(), false)
        .filter(part -> part.get("type").asText().equals("text"))
        .findFirst()
        .orElseThrow()
        .get("text")
        .asText();
  }

  private static List<JsonNode> words() {
    return StreamSupport.stream(document.get("annotations").spliterator(), false)
        .filter(annotation -> annotation.get("kind").asText().equals("word"))
        .toList();
  }

  /** The share of a letter's words that are read, each as often as it stands there. */
  private static double recall(String read) {
    List<String> left = new ArrayList<>(List.of(read.split("\\s+")));
    List<String> wanted = List.of((Letters.PERMIT_HEAD + " " + LETTER).strip().split("\\s+"));
    return (double) wanted.stream().filter(left::remove).count() / wanted.size();
  }

  @Test
  void aDutchLetterIsReadWordForWord() {
    assertThat(recall(text(document))).isGreaterThanOrEqualTo(0.97);
  }

  @Test
  void dutchMarksAreReadWithTheDutchDataAndNotWithTheEnglish() throws Exception {
    assertThat(text(document)).contains(MARKED);
    assertThat(MARKED.stream().filter(text(ocr("[\"eng\"]"))::contains).count())
        .isLessThan(MARKED.size());
  }

  @Test
  void everyWordHasItsBoxItsConfidenceAndItsPlace() {
    assertThat(words()).hasSizeGreaterThan(50);
    assertThat(words())
        .allSatisfy(word -> {
          assertThat(text(document).substring(word.get("start").asInt(), word.get("end").asInt()))
              .isEqualTo(word.get("value").asText());
          assertThat(word.get("confidence").asDouble()).isBetween(0.3, 1.0);
          assertThat(word.get("x").asDouble()).isNotNegative();
          assertThat(word.get("y").asDouble()).isNotNegative();
          assertThat(word.get("x").asDouble() + word.get("width").asDouble())
              .isLessThanOrEqualTo(scan.getWidth());
          assertThat(word.get("y").asDouble() + word.get("height").asDouble())
              .isLessThanOrEqualTo(scan.getHeight());
          assertThat(word.get("width").asDouble()).isGreaterThan(2);
          assertThat(word.get("height").asDouble()).isGreaterThan(2);
        });
    assertThat(
            words().stream()
                .mapToDouble(word -> word.get("confidence").asDouble())
                .average()
                .orElse(0))
        .isGreaterThan(0.85);
  }

  @Test
  void theModelOfAWordNamesBothLanguages() {
    assertThat(words())
        .allSatisfy(word -> assertThat(word.toString()).contains("tesseract-nld+eng"));
  }
}
