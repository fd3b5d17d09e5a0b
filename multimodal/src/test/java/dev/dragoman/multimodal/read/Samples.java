package dev.dragoman.multimodal.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentNameDictionary;
import org.apache.pdfbox.pdmodel.PDEmbeddedFilesNameTreeNode;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.common.filespecification.PDComplexFileSpecification;
import org.apache.pdfbox.pdmodel.common.filespecification.PDEmbeddedFile;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.apache.poi.util.Units;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFRun;

/** Files for the tests, made on the spot. */
final class Samples {
  static final String INVOICE = "Invoice 2026-117 for the repair of a printing press in Rotterdam.";

  private Samples() {}

  static byte[] png() throws IOException {
    BufferedImage image = new BufferedImage(300, 200, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, 300, 200);
    graphics.setColor(Color.BLACK);
    graphics.drawString("scanned", 40, 100);
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  private static byte[] bytes(PDDocument document) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    document.save(bytes);
    return bytes.toByteArray();
  }

  private static void addTextPage(PDDocument document, String text) throws IOException {
    PDPage page = new PDPage(PDRectangle.A4);
    document.addPage(page);
    try (PDPageContentStream content = new PDPageContentStream(document, page)) {
      content.beginText();
      content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 11);
      content.newLineAtOffset(60, 760);
      content.showText(text);
      content.endText();
    }
  }

  private static void addPicturePage(PDDocument document, String stamp) throws IOException {
    PDPage page = new PDPage(PDRectangle.A4);
    document.addPage(page);
    PDImageXObject image =
        LosslessFactory.createFromImage(document, ImageIO.read(new ByteArrayInputStream(png())));
    try (PDPageContentStream content = new PDPageContentStream(document, page)) {
      content.drawImage(image, 0, 0, 595, 842);
      content.beginText();
      content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 8);
      content.newLineAtOffset(10, 10);
      content.showText(stamp);
      content.endText();
    }
  }

  /** Page 1 text, page 2 a scan with a scanner's stamp, page 3 blank, page 4 text. */
  static byte[] mixedPdf() throws IOException {
    try (PDDocument document = new PDDocument()) {
      document.getDocumentInformation().setTitle("Repairs");
      document.getDocumentInformation().setAuthor("J. de Vries");
      addTextPage(document, INVOICE);
      addPicturePage(document, "Scanned on 2026-03-01 by OfficeScan");
      document.addPage(new PDPage(PDRectangle.A4));
      addTextPage(document, "The last page.");
      return bytes(document);
    }
  }

  static byte[] protectedPdf(String userPassword) throws IOException {
    try (PDDocument document = new PDDocument()) {
      addTextPage(document, INVOICE);
      StandardProtectionPolicy policy =
          new StandardProtectionPolicy("owner", userPassword, new AccessPermission());
      policy.setEncryptionKeyLength(256);
      document.protect(policy);
      return bytes(document);
    }
  }

  static byte[] pdfWithAttachment(String name, byte[] attached) throws IOException {
    try (PDDocument document = new PDDocument()) {
      addTextPage(document, INVOICE);
      PDComplexFileSpecification file = new PDComplexFileSpecification();
      file.setFile(name);
      file.setFileUnicode(name);
      PDEmbeddedFile embedded = new PDEmbeddedFile(document, new ByteArrayInputStream(attached));
      embedded.setSubtype("text/plain");
      file.setEmbeddedFileUnicode(embedded);
      file.setEmbeddedFile(embedded);
      PDEmbeddedFilesNameTreeNode tree = new PDEmbeddedFilesNameTreeNode();
      tree.setNames(Map.of(name, file));
      PDDocumentNameDictionary names = new PDDocumentNameDictionary(document.getDocumentCatalog());
      names.setEmbeddedFiles(tree);
      document.getDocumentCatalog().setNames(names);
      return bytes(document);
    }
  }

  /** A Word document with paragraphs and, if wanted, a picture between them. */
  static byte[] docx(boolean picture, String... paragraphs) throws Exception {
    try (XWPFDocument document = new XWPFDocument()) {
      document.getProperties().getCoreProperties().setTitle("Minutes");
      document.getProperties().getCoreProperties().setCreator("A. Jansen");
      for (String paragraph : paragraphs) {
        document.createParagraph().createRun().setText(paragraph);
      }
      if (picture) {
        XWPFRun run = document.createParagraph().createRun();
        run.addPicture(
            new ByteArrayInputStream(png()),
            org.apache.poi.xwpf.usermodel.Document.PICTURE_TYPE_PNG,
            "scan.png",
            Units.toEMU(300),
            Units.toEMU(200));
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      document.write(bytes);
      return bytes.toByteArray();
    }
  }

  /** Names and contents in turns. */
  static byte[] zip(Object... namesAndBytes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < namesAndBytes.length; i += 2) {
        zip.putNextEntry(new ZipEntry((String) namesAndBytes[i]));
        zip.write(
            namesAndBytes[i + 1] instanceof byte[] raw
                ? raw
                : ((String) namesAndBytes[i + 1]).getBytes(UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  /** A zip of one member of that many megabytes of zeros. */
  static byte[] bomb(int megabytes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] zeros = new byte[1 << 20];
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("zeros.txt"));
      for (int i = 0; i < megabytes; i++) {
        zip.write(zeros);
      }
    }
    return bytes.toByteArray();
  }
}
