package dev.dragoman.multimodal.ocr;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dragoman.multimodal.worker.WorkerException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.graphics.color.PDDeviceGray;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OcrFilesTest {
  private static final String NOTE = "Please sign both copies";

  private static OcrEngine engine;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    engine = OcrEngine.open(OcrSettings.of("eng"), List.of(), OcrEngineTest.CACHE);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "gif", "bmp", "tif"})
  void everyCommonFormatIsRead(String format) throws Exception {
    Path file = folder.resolve("note." + format);
    assertThat(ImageIO.write(note(NOTE), format, file.toFile())).isTrue();

    assertThat(text(file)).isEqualTo(NOTE);
  }

  @Test
  void webpIsRead() throws Exception {
    assertThat(text(resource("note.webp"))).isEqualTo(NOTE);
  }

  @Test
  void orientationTagOfAWebpIsUndone() throws Exception {
    OcrPage page = engine.recognize(resource("turned.webp"), "image/webp", 1).pages().getFirst();

    assertThat(page.text()).isEqualTo(NOTE);
    assertThat(page.rotation()).isZero();
    assertThat(page.width()).isGreaterThan(page.height());
  }

  @Test
  void orientationTagOfAJpegIsUndone() throws Exception {
    Sheet lying = Sheet.columns(800, 300, 50, List.of(NOTE)).lying(270);
    Path file = folder.resolve("photo.jpg");
    Files.write(file, withOrientation(jpeg(lying.picture()), 6));

    OcrPage page = engine.recognize(file, "image/jpeg", 1).pages().getFirst();

    assertThat(page.text()).isEqualTo(NOTE);
    assertThat(page.rotation()).isZero();
    assertThat(page.width()).isEqualTo(800);
  }

  @Test
  void everyPageOfATiffIsRead() throws Exception {
    Path file = folder.resolve("fax.tif");
    writeTiff(file, note("First page"), note("Second page"), note("Third page"));

    OcrResult result = engine.recognize(file, "image/tiff", 0);

    assertThat(result.pages()).extracting(OcrPage::page).containsExactly(1, 2, 3);
    assertThat(result.pages())
        .extracting(OcrPage::text)
        .containsExactly("First page", "Second page", "Third page");
    assertThat(engine.recognize(file, "image/tiff", 2).pages())
        .containsExactly(result.pages().get(1));
  }

  @Test
  void scannedPagesOfAPdfAreRead() throws Exception {
    Path file = folder.resolve("scan.pdf");
    writePdf(file, note("First page"), note("Second page"));

    OcrResult result = engine.recognize(file, "application/pdf", 0);

    assertThat(result.problems()).isEmpty();
    assertThat(result.pages())
        .extracting(OcrPage::text)
        .containsExactly("First page", "Second page");
  }

  @Test
  void pdfThatBeginsLateIsReadAsPdf() throws Exception {
    Path whole = folder.resolve("whole.pdf");
    writePdf(whole, note("Behind a banner"));
    Path file = folder.resolve("late.bin");
    Files.write(file, "x".repeat(900).getBytes(US_ASCII));
    Files.write(file, Files.readAllBytes(whole), StandardOpenOption.APPEND);

    assertThat(engine.recognize(file, "application/octet-stream", 1).pages().getFirst().text())
        .isEqualTo("Behind a banner");
  }

  @Test
  void transparentPictureIsReadAsOnPaper() throws Exception {
    BufferedImage note = note(NOTE);
    BufferedImage clear =
        new BufferedImage(note.getWidth(), note.getHeight(), BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < note.getHeight(); y++) {
      for (int x = 0; x < note.getWidth(); x++) {
        clear.setRGB(x, y, (255 - (note.getRGB(x, y) & 255)) << 24);
      }
    }
    Path file = folder.resolve("clear.png");
    ImageIO.write(clear, "png", file.toFile());

    assertThat(text(file)).isEqualTo(NOTE);
  }

  @Test
  void pageThatCannotBeDrawnIsNamedWhileTheOthersAreRead() throws Exception {
    Path file = folder.resolve("half.pdf");
    writePdf(file, note("First page"), null);

    OcrResult result = engine.recognize(file, "application/pdf", 0);

    assertThat(result.pages()).extracting(OcrPage::text).containsExactly("First page");
    assertThat(result.problems()).singleElement().asString().contains("page 2", "cannot be drawn");
  }

  @Test
  void pdfWhoseOnlyImageIsDamagedIsCorruptAndNotBlank() throws Exception {
    Path file = folder.resolve("damaged.pdf");
    writePdf(file, new @Nullable BufferedImage[1]);

    assertThat(failure(file)).isEqualTo("CORRUPT");
  }

  @Test
  void lockedPdfIsEncrypted() throws Exception {
    Path file = folder.resolve("locked.pdf");
    try (PDDocument pdf = new PDDocument()) {
      pdf.addPage(new PDPage());
      pdf.protect(new StandardProtectionPolicy("owner", "user", new AccessPermission()));
      pdf.save(file.toFile());
    }

    assertThat(failure(file)).isEqualTo("ENCRYPTED");
  }

  @Test
  void emptyFileIsEmpty() throws Exception {
    assertThat(failure(Files.createFile(folder.resolve("empty.png")))).isEqualTo("EMPTY");
  }

  @Test
  void truncatedPictureIsCorrupt() throws Exception {
    Path file = folder.resolve("cut.png");
    ImageIO.write(Sheet.a4(Sheet.ENGLISH).picture(), "png", file.toFile());
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));

    assertThat(failure(file)).isEqualTo("CORRUPT");
  }

  @Test
  void textFileIsNoPicture() throws Exception {
    assertThat(failure(Files.writeString(folder.resolve("note.png"), "no picture at all")))
        .isEqualTo("UNSUPPORTED");
  }

  @Test
  void pictureOfGiganticClaimedSizeIsRefusedWithTheNumbers() throws Exception {
    Path file = folder.resolve("bomb.png");
    Files.write(file, pngHeader(60_000, 60_000));

    WorkerException refused =
        catchThrowableOfType(WorkerException.class, () -> engine.recognize(file, "image/png", 0));

    assertThat(refused.code()).isEqualTo("TOO_LARGE");
    assertThat(refused).hasMessageContaining("60,000 x 60,000").hasMessageContaining("50");
  }

  @Test
  void fileThatIsGoneIsUnreadable() {
    assertThat(failure(folder.resolve("gone.png"))).isEqualTo("UNREADABLE");
  }

  private static String failure(Path file) {
    WorkerException failure =
        catchThrowableOfType(WorkerException.class, () -> engine.recognize(file, "", 0));
    assertThat(failure).isNotNull();
    return failure.code();
  }

  private static String text(Path file) throws WorkerException {
    return engine.recognize(file, "", 0).pages().getFirst().text();
  }

  static BufferedImage note(String text) {
    return Sheet.columns(800, 300, 50, List.of(text)).picture();
  }

  private Path resource(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = OcrFilesTest.class.getResourceAsStream(name)) {
      Files.copy(Objects.requireNonNull(in, name), file);
    }
    return file;
  }

  private static byte[] jpeg(BufferedImage picture) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(picture, "jpg", out);
    return out.toByteArray();
  }

  /** With an EXIF block of one entry put in behind the start marker. */
  private static byte[] withOrientation(byte[] jpeg, int orientation) {
    byte[] exif =
        HexFormat.of()
            .parseHex(
                "ffe1002245786966000049492a0008000000010012010300010000000"
                    + orientation
                    + "00000000000000");
    return ByteBuffer.allocate(jpeg.length + exif.length)
        .put(jpeg, 0, 2)
        .put(exif)
        .put(jpeg, 2, jpeg.length - 2)
        .array();
  }

  private static byte[] pngHeader(int width, int height) {
    byte[] chunk =
        ByteBuffer.allocate(17)
            .putInt(0x49484452)
            .putInt(width)
            .putInt(height)
            .put(new byte[] {8, 2, 0, 0, 0})
            .array();
    CRC32 crc = new CRC32();
    crc.update(chunk);
    return ByteBuffer.allocate(33)
        .putLong(0x89504E470D0A1A0AL)
        .putInt(13)
        .put(chunk)
        .putInt((int) crc.getValue())
        .array();
  }

  private static void writeTiff(Path file, BufferedImage... pages) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      for (BufferedImage page : pages) {
        writer.writeToSequence(new IIOImage(page, null, null), null);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
  }

  /** One image a page; for null, an image whose JPEG data are none. */
  private static void writePdf(Path file, @Nullable BufferedImage... pages) throws IOException {
    try (PDDocument pdf = new PDDocument()) {
      for (BufferedImage picture : pages) {
        PDPage page = new PDPage(new PDRectangle(192, 72));
        pdf.addPage(page);
        try (PDPageContentStream content = new PDPageContentStream(pdf, page)) {
          if (picture == null) {
            PDImageXObject damaged =
                new PDImageXObject(
                    pdf,
                    new ByteArrayInputStream(new byte[] {1, 2, 3, 4}),
                    COSName.DCT_DECODE,
                    800,
                    300,
                    8,
                    PDDeviceGray.INSTANCE);
            content.drawImage(damaged, 0, 0, 192, 72);
          } else {
            content.drawImage(LosslessFactory.createFromImage(pdf, picture), 0, 0, 192, 72);
          }
        }
      }
      pdf.save(file.toFile());
    }
  }
}
