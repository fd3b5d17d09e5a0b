package dev.dragoman.operators.reading;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.operators.record.Content;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Sha256;
import java.awt.geom.AffineTransform;
import java.awt.image.AffineTransformOp;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.apache.pdfbox.rendering.ImageType;
import org.apache.pdfbox.rendering.PDFRenderer;

/** Files that people send, made on the spot; their letters come out of PDFBox's jar. */
final class Papers {
  private static final PDRectangle CARD = PDRectangle.A6;
  private static final int DPI = 200;

  private Papers() {}

  /** A page of a PDF. */
  record Page(String text, boolean scanned) {}

  static Page typed(String text) {
    return new Page(text, false);
  }

  static Page scanned(String text) {
    return new Page(text, true);
  }

  static byte[] pdf(Page... pages) throws IOException {
    return pdf("", pages);
  }

  /** A PDF that opens with this password only; with none if it is empty. */
  static byte[] pdf(String password, Page... pages) throws IOException {
    try (PDDocument document = new PDDocument()) {
      document.getDocumentInformation().setTitle("Roof repairs");
      document.getDocumentInformation().setAuthor("J. de Vries");
      for (Page page : pages) {
        if (page.scanned()) {
          PDPage sheet = new PDPage(CARD);
          document.addPage(sheet);
          try (PDPageContentStream out = new PDPageContentStream(document, sheet)) {
            out.drawImage(
                LosslessFactory.createFromImage(document, picture(page.text())),
                0,
                0,
                CARD.getWidth(),
                CARD.getHeight());
          }
        } else {
          write(document, page.text());
        }
      }
      if (!password.isEmpty()) {
        document.protect(new StandardProtectionPolicy("owner", password, new AccessPermission()));
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      document.save(bytes);
      return bytes.toByteArray();
    }
  }

  private static void write(PDDocument document, String text) throws IOException {
    PDPage sheet = new PDPage(CARD);
    document.addPage(sheet);
    try (PDPageContentStream out = new PDPageContentStream(document, sheet)) {
      out.beginText();
      out.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
      out.setLeading(18);
      out.newLineAtOffset(30, CARD.getHeight() - 60);
      for (String line : text.split("\n", -1)) {
        out.showText(line);
        out.newLine();
      }
      out.endText();
    }
  }

  /** A scan of a postcard with these lines. */
  static BufferedImage picture(String text) throws IOException {
    try (PDDocument document = new PDDocument()) {
      write(document, text);
      return new PDFRenderer(document).renderImageWithDPI(0, DPI, ImageType.GRAY);
    }
  }

  /** The same, lying on its head. */
  static BufferedImage upsideDown(BufferedImage picture) {
    AffineTransform turn =
        AffineTransform.getQuadrantRotateInstance(
            2, picture.getWidth() / 2.0, picture.getHeight() / 2.0);
    return new AffineTransformOp(turn, AffineTransformOp.TYPE_NEAREST_NEIGHBOR)
        .filter(picture, null);
  }

  static byte[] png(BufferedImage picture) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", bytes);
    return bytes.toByteArray();
  }

  static byte[] tiff(BufferedImage... pages) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      for (BufferedImage page : pages) {
        writer.writeToSequence(new IIOImage(page, null, null), null);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  /** A member of an archive. */
  record Member(String name, byte[] bytes) {}

  static Member member(String name, String text) {
    return new Member(name, text(text));
  }

  static byte[] zip(Member... members) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Member member : members) {
        zip.putNextEntry(new ZipEntry(member.name()));
        zip.write(member.bytes());
      }
    }
    return bytes.toByteArray();
  }

  /** A file as {@code ReadFiles} finds it. */
  static Document found(String name, byte[] bytes) {
    return Document.ofFile(
        URI.create("file:///inbox/" + name),
        "application/octet-stream",
        bytes.length,
        Sha256.of(bytes),
        new Content.Inline(bytes));
  }
}
