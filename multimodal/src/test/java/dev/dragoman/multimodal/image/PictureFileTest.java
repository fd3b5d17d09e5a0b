package dev.dragoman.multimodal.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dragoman.multimodal.worker.ServiceException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureFileTest {
  @TempDir Path folder;

  /**
   * The stored picture is 3 x 2 with the shades A B C over D E F; TIFF 6.0 says for each value of
   * the tag where its first row and its first column belong.
   */
  @ParameterizedTest
  @CsvSource({
    "1, ABC/DEF",
    "2, CBA/FED",
    "3, FED/CBA",
    "4, DEF/ABC",
    "5, AD/BE/CF",
    "6, DA/EB/FC",
    "7, FC/EB/DA",
    "8, CF/BE/AD",
    "9, ABC/DEF"
  })
  void orientationTagIsUndone(int tag, String upright) throws Exception {
    Path file = folder.resolve("turned.tif");
    Files.write(file, tiff(List.of(new Page(tag, 0))));

    assertThat(shades(PictureFile.open(file, PictureLimits.DEFAULT).page(1))).isEqualTo(upright);
  }

  @Test
  void thumbnailsAreNoPages() throws Exception {
    Path file = folder.resolve("scan.tif");
    Files.write(file, tiff(List.of(new Page(1, 0), new Page(1, 1), new Page(3, 0))));

    PictureFile picture = PictureFile.open(file, PictureLimits.DEFAULT);

    assertThat(picture.pages()).isEqualTo(2);
    assertThat(shades(picture.page(2))).isEqualTo("FED/CBA");
  }

  @Test
  void pagesThatPointInACircleEnd() throws Exception {
    byte[] bytes = tiff(List.of(new Page(1, 0)));
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length - 4 - 6, 8);
    Path file = folder.resolve("circle.tif");
    Files.write(file, bytes);

    assertThat(PictureFile.open(file, PictureLimits.DEFAULT).pages()).isEqualTo(1);
  }

  @Test
  void tooManyPagesAreRefused() throws Exception {
    Path file = folder.resolve("book.tif");
    Files.write(file, tiff(List.of(new Page(1, 0), new Page(1, 0), new Page(1, 0))));

    ServiceException refused =
        catchThrowableOfType(
            ServiceException.class, () -> PictureFile.open(file, new PictureLimits(100, 2)));

    assertThat(refused.code()).isEqualTo("TOO_LARGE");
    assertThat(refused).hasMessageContaining("2 pages").hasMessageContaining("split");
  }

  @Test
  void pictureAboveTheLimitIsRefusedBeforeItIsDecoded() throws Exception {
    Path file = folder.resolve("large.png");
    ImageIO.write(new BufferedImage(20, 30, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
    PictureFile picture = PictureFile.open(file, new PictureLimits(599, 1));

    ServiceException refused = catchThrowableOfType(ServiceException.class, () -> picture.page(1));

    assertThat(refused.code()).isEqualTo("TOO_LARGE");
    assertThat(refused).hasMessageContaining("20 x 30");
    assertThat(PictureFile.open(file, new PictureLimits(600, 1)).page(1).getWidth()).isEqualTo(20);
  }

  @Test
  void transparencyBecomesWhite() throws Exception {
    BufferedImage clear = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    clear.setRGB(1, 0, 0xFF102030);
    Path file = folder.resolve("clear.png");
    ImageIO.write(clear, "png", file.toFile());

    BufferedImage picture = PictureFile.open(file, PictureLimits.DEFAULT).page(1);

    assertThat(picture.getRGB(0, 0)).isEqualTo(0xFFFFFFFF);
    assertThat(picture.getRGB(1, 0)).isEqualTo(0xFF102030);
  }

  @Test
  void sixteenBitsKeepTheirShade() throws Exception {
    BufferedImage grey = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    grey.getRaster().setSample(0, 0, 0, 0x8080);
    Path file = folder.resolve("grey.png");
    ImageIO.write(grey, "png", file.toFile());

    BufferedImage picture = PictureFile.open(file, PictureLimits.DEFAULT).page(1);

    assertThat(picture.getRGB(0, 0) & 255).isBetween(0x70, 0x90);
  }

  @Test
  void printersInksAreMixed() throws Exception {
    Path file = folder.resolve("inks.jpg");
    try (InputStream in = PictureFileTest.class.getResourceAsStream("cmyk.jpg")) {
      Files.copy(Objects.requireNonNull(in), file);
    }

    int rgb = PictureFile.open(file, PictureLimits.DEFAULT).page(1).getRGB(8, 8);

    assertThat(rgb >> 16 & 255).isGreaterThan(180);
    assertThat(rgb >> 8 & 255).isLessThan(90);
    assertThat(rgb & 255).isLessThan(90);
  }

  @Test
  void fileOfAnotherKindIsUnsupported() throws IOException {
    Path file = Files.writeString(folder.resolve("letter.png"), "Dear Sir or Madam");

    assertThatThrownBy(() -> PictureFile.open(file, PictureLimits.DEFAULT))
        .isInstanceOfSatisfying(
            ServiceException.class, e -> assertThat(e.code()).isEqualTo("UNSUPPORTED"));
  }

  /** A page of the TIFF below: its orientation tag, and 1 for a thumbnail. */
  private record Page(int orientation, int subfile) {}

  /** Little-endian, uncompressed, 8 bits grey, every page the six shades 10 to 15 times 16. */
  private static byte[] tiff(List<Page> pages) {
    int perPage = 2 + 10 * 12 + 4 + 6;
    ByteBuffer out = ByteBuffer.allocate(8 + pages.size() * perPage).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8);
    for (int i = 0; i < pages.size(); i++) {
      int end = out.position() + perPage;
      out.putShort((short) 10);
      entry(out, 254, pages.get(i).subfile());
      entry(out, 256, 3);
      entry(out, 257, 2);
      entry(out, 258, 8);
      entry(out, 259, 1);
      entry(out, 262, 1);
      entry(out, 273, end - 6);
      entry(out, 274, pages.get(i).orientation());
      entry(out, 278, 2);
      entry(out, 279, 6);
      out.putInt(i + 1 < pages.size() ? end : 0);
      for (int shade = 10; shade <= 15; shade++) {
        out.put((byte) (16 * shade));
      }
    }
    return out.array();
  }

  private static void entry(ByteBuffer out, int tag, int value) {
    boolean wide = tag == 254 || tag == 273;
    out.putShort((short) tag).putShort((short) (wide ? 4 : 3)).putInt(1).putInt(value);
  }

  private static String shades(BufferedImage picture) {
    List<String> rows = new ArrayList<>();
    for (int y = 0; y < picture.getHeight(); y++) {
      StringBuilder row = new StringBuilder();
      for (int x = 0; x < picture.getWidth(); x++) {
        row.append((char) ('A' + (picture.getRGB(x, y) & 255) / 16 - 10));
      }
      rows.add(row.toString());
    }
    return String.join("/", rows);
  }
}
