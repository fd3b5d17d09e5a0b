package dev.dragoman.tests.samples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.TimeZone;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;
import org.jspecify.annotations.Nullable;

/** A4 pages of set text, in points from the top left corner; the font is PDFBox's own. */
final class Sheet implements AutoCloseable {
  static final float MARGIN = 64;
  static final float WIDTH = PDRectangle.A4.getWidth() - 2 * MARGIN;

  private final PDDocument document = new PDDocument();
  private final PDType0Font font;
  private @Nullable PDPageContentStream out;
  private float y;

  Sheet(String title, String author) throws IOException {
    try (InputStream ttf =
        PDDocument.class.getResourceAsStream(
            "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf")) {
      font = PDType0Font.load(document, ttf);
    }
    document.setDocumentId(1L);
    document.getDocumentInformation().setTitle(title);
    document.getDocumentInformation().setAuthor(author);
    GregorianCalendar made = new GregorianCalendar(TimeZone.getTimeZone(ZoneOffset.UTC));
    made.setTimeInMillis(Instant.parse("2026-10-05T08:00:00Z").toEpochMilli());
    document.getDocumentInformation().setCreationDate(made);
  }

  Sheet page() throws IOException {
    finish();
    PDPage page = new PDPage(PDRectangle.A4);
    document.addPage(page);
    out = new PDPageContentStream(document, page);
    y = MARGIN;
    return this;
  }

  /** A page that is one picture. */
  Sheet picture(byte[] jpeg, String name) throws IOException {
    page();
    PDImageXObject image = PDImageXObject.createFromByteArray(document, jpeg, name);
    out().drawImage(image, 0, 0, PDRectangle.A4.getWidth(), PDRectangle.A4.getHeight());
    return this;
  }

  Sheet heading(String text, float size) throws IOException {
    y += size;
    draw(text, MARGIN, y, size, true);
    y += size * 0.9f;
    return this;
  }

  /** Paragraphs over the whole width; an empty line between two, a single newline breaks. */
  Sheet text(String text, float size) throws IOException {
    y = text(text, MARGIN, y, WIDTH, size);
    return this;
  }

  Sheet columns(String left, String right, float size) throws IOException {
    float gap = 24;
    float width = (WIDTH - gap) / 2;
    float a = text(left, MARGIN, y, width, size);
    float b = text(right, MARGIN + width + gap, y, width, size);
    y = Math.max(a, b);
    return this;
  }

  /** A ruled table; widths are shares of the page's, the first row is bold. */
  Sheet table(List<List<String>> rows, float size, float... shares) throws IOException {
    float height = size * 2;
    float top = y;
    for (int r = 0; r < rows.size(); r++) {
      float x = MARGIN;
      for (int c = 0; c < shares.length; c++) {
        draw(rows.get(r).get(c), x + 5, y + height * 0.66f, size, r == 0);
        x += shares[c] * WIDTH;
      }
      y += height;
    }
    float x = MARGIN;
    for (int c = 0; c <= shares.length; c++) {
      line(x, top, x, y);
      x += c < shares.length ? shares[c] * WIDTH : 0;
    }
    for (int r = 0; r <= rows.size(); r++) {
      line(MARGIN, top + r * height, MARGIN + WIDTH, top + r * height);
    }
    y += size;
    return this;
  }

  Sheet space(float points) {
    y += points;
    return this;
  }

  byte[] pdf() throws IOException {
    finish();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    document.save(bytes);
    return bytes.toByteArray();
  }

  private float text(String text, float x, float top, float width, float size) throws IOException {
    float at = top;
    for (String line : text.stripTrailing().split("\n", -1)) {
      if (line.isBlank()) {
        at += size * 0.8f;
        continue;
      }
      for (String piece : wrap(line, width, size)) {
        at += size * 1.4f;
        draw(piece, x, at, size, false);
      }
    }
    return at + size;
  }

  private List<String> wrap(String line, float width, float size) throws IOException {
    List<String> lines = new ArrayList<>();
    StringBuilder current = new StringBuilder();
    for (String word : line.split(" ", -1)) {
      String longer = current.isEmpty() ? word : current + " " + word;
      if (!current.isEmpty() && font.getStringWidth(longer) / 1000 * size > width) {
        lines.add(current.toString());
        current.setLength(0);
        current.append(word);
      } else {
        current.setLength(0);
        current.append(longer);
      }
    }
    lines.add(current.toString());
    return lines;
  }

  private void draw(String text, float x, float baseline, float size, boolean bold)
      throws IOException {
    PDPageContentStream to = out();
    to.beginText();
    to.setFont(font, size);
    to.setRenderingMode(bold ? RenderingMode.FILL_STROKE : RenderingMode.FILL);
    to.setLineWidth(size / 30);
    to.newLineAtOffset(x, PDRectangle.A4.getHeight() - baseline);
    to.showText(text);
    to.endText();
  }

  private void line(float x1, float y1, float x2, float y2) throws IOException {
    PDPageContentStream to = out();
    to.setLineWidth(0.8f);
    to.moveTo(x1, PDRectangle.A4.getHeight() - y1);
    to.lineTo(x2, PDRectangle.A4.getHeight() - y2);
    to.stroke();
  }

  private PDPageContentStream out() {
    if (out == null) {
      throw new IllegalStateException("no page yet");
    }
    return out;
  }

  private void finish() throws IOException {
    if (out != null) {
      out.close();
      out = null;
    }
  }

  @Override
  public void close() throws IOException {
    finish();
    document.close();
  }
}
