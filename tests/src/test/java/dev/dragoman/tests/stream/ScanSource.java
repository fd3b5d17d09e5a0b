package dev.dragoman.tests.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import javax.imageio.ImageIO;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.rendering.ImageType;
import org.apache.pdfbox.rendering.PDFRenderer;

/** Notes on paper without end, each a picture inside a message, which takes Ocr to be read. */
final class ScanSource {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Instant first;
  private final Duration step;

  ScanSource(Instant first, Duration step) {
    this.first = first;
    this.step = step;
  }

  static String id(int number) {
    return "S-%07d".formatted(number);
  }

  /** The JSON of a note. */
  byte[] scan(int number) {
    try {
      return JSON.createObjectNode()
          .put("scan_id", id(number))
          .put("created_at", first.plus(step.multipliedBy(number)).toString())
          .put("picture", picture("Please return parcel " + number + " to the warehouse"))
          .toString()
          .getBytes(UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] picture(String line) throws IOException {
    try (PDDocument document = new PDDocument()) {
      PDPage page = new PDPage(new PDRectangle(420, 60));
      document.addPage(page);
      try (PDPageContentStream content = new PDPageContentStream(document, page)) {
        content.beginText();
        content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 16);
        content.newLineAtOffset(20, 24);
        content.showText(line);
        content.endText();
      }
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      ImageIO.write(
          new PDFRenderer(document).renderImageWithDPI(0, 150, ImageType.GRAY), "png", png);
      return png.toByteArray();
    }
  }
}
