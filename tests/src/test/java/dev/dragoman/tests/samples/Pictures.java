package dev.dragoman.tests.samples;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.rendering.ImageType;
import org.apache.pdfbox.rendering.PDFRenderer;

/** Pages as a scanner sees them, and files of pictures, by the writers of the JDK. */
final class Pictures {
  private static final int PAPER = 0xf4;

  private Pictures() {}

  /** The pages of a PDF in grey. */
  static List<BufferedImage> pages(byte[] pdf, int dpi) throws IOException {
    List<BufferedImage> pages = new ArrayList<>();
    try (PDDocument document = Loader.loadPDF(pdf)) {
      PDFRenderer renderer = new PDFRenderer(document);
      for (int page = 0; page < document.getNumberOfPages(); page++) {
        pages.add(renderer.renderImageWithDPI(page, dpi, ImageType.GRAY));
      }
    }
    return pages;
  }

  /**
   * What a cheap scanner makes of a page: off-white paper, 16 greys, specks.
   *
   * @param degrees how crooked it lies, clockwise
   * @param specks how many of a million dots are wrong
   */
  static BufferedImage scanned(BufferedImage page, double degrees, int specks, long seed) {
    int width = page.getWidth();
    int height = page.getHeight();
    BufferedImage scan = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D graphics = scan.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.drawImage(
        page,
        AffineTransform.getRotateInstance(Math.toRadians(degrees), width / 2.0, height / 2.0),
        null);
    graphics.dispose();
    WritableRaster raster = scan.getRaster();
    Random random = new Random(seed);
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        row[x] = row[x] * PAPER / 255 / 16 * 16;
        if (random.nextInt(1_000_000) < specks) {
          row[x] = random.nextInt(4) == 0 ? 255 : random.nextInt(90);
        }
      }
      raster.setPixels(0, y, width, 1, row);
    }
    return scan;
  }

  /** Turned clockwise by quarters. */
  static BufferedImage turned(BufferedImage image, int quarters) {
    boolean lying = quarters % 2 == 1;
    int width = lying ? image.getHeight() : image.getWidth();
    int height = lying ? image.getWidth() : image.getHeight();
    BufferedImage turned = new BufferedImage(width, height, image.getType());
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int rgb = image.getRGB(x, y);
        switch (quarters) {
          case 1 -> turned.setRGB(image.getHeight() - 1 - y, x, rgb);
          case 2 -> turned.setRGB(image.getWidth() - 1 - x, image.getHeight() - 1 - y, rgb);
          case 3 -> turned.setRGB(y, image.getWidth() - 1 - x, rgb);
          default -> turned.setRGB(x, y, rgb);
        }
      }
    }
    return turned;
  }

  static BufferedImage scaled(BufferedImage image, int width, int type) {
    int height = Math.round((float) image.getHeight() * width / image.getWidth());
    BufferedImage scaled = new BufferedImage(width, height, type);
    Graphics2D graphics = scaled.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.drawImage(image, 0, 0, width, height, null);
    graphics.dispose();
    return scaled;
  }

  static BufferedImage blackAndWhite(BufferedImage image) {
    BufferedImage bits =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_BYTE_BINARY);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        boolean white = image.getRaster().getSample(x, y, 0) > 150;
        bits.getRaster().setSample(x, y, 0, white ? 1 : 0);
      }
    }
    return bits;
  }

  static byte[] png(BufferedImage image) throws IOException {
    return write(image, "png");
  }

  static byte[] gif(BufferedImage image) throws IOException {
    return write(image, "gif");
  }

  /** Baseline JPEG that says how many dots an inch has. */
  static byte[] jpeg(BufferedImage image, float quality, int dpi) throws IOException {
    ImageWriter writer = writer("jpeg");
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    parameters.setCompressionQuality(quality);
    IIOMetadata metadata =
        writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), parameters);
    String format = "javax_imageio_jpeg_image_1.0";
    IIOMetadataNode tree = (IIOMetadataNode) metadata.getAsTree(format);
    IIOMetadataNode jfif = (IIOMetadataNode) tree.getElementsByTagName("app0JFIF").item(0);
    jfif.setAttribute("resUnits", "1");
    jfif.setAttribute("Xdensity", Integer.toString(dpi));
    jfif.setAttribute("Ydensity", Integer.toString(dpi));
    metadata.setFromTree(format, tree);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, metadata), parameters);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** Puts an Exif block with only the orientation (1 to 8) into a JPEG, right after its start. */
  static byte[] withOrientation(byte[] jpeg, int orientation) {
    byte[] exif = {
      (byte) 0xff,
      (byte) 0xe1,
      0,
      34,
      'E',
      'x',
      'i',
      'f',
      0,
      0,
      'I',
      'I',
      42,
      0,
      8,
      0,
      0,
      0,
      1,
      0,
      0x12,
      1,
      3,
      0,
      1,
      0,
      0,
      0,
      (byte) orientation,
      0,
      0,
      0,
      0,
      0,
      0,
      0
    };
    byte[] all = new byte[jpeg.length + exif.length];
    System.arraycopy(jpeg, 0, all, 0, 2);
    System.arraycopy(exif, 0, all, 2, exif.length);
    System.arraycopy(jpeg, 2, all, 2 + exif.length, jpeg.length - 2);
    return all;
  }

  /** A TIFF of several black-and-white pages, fax compressed. */
  static byte[] tiff(List<BufferedImage> pages) throws IOException {
    ImageWriter writer = writer("tiff");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionType("CCITT T.6");
      for (BufferedImage page : pages) {
        writer.writeToSequence(new IIOImage(page, null, null), parameters);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static byte[] write(BufferedImage image, String format) throws IOException {
    ImageWriter writer = writer(format);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(image);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** The JDK's own writer, whatever plugins are on the class path. */
  private static ImageWriter writer(String format) {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName(format);
    while (writers.hasNext()) {
      ImageWriter writer = writers.next();
      if (writer.getClass().getName().startsWith("com.sun.imageio.")) {
        return writer;
      }
    }
    throw new IllegalStateException("this JDK writes no " + format);
  }
}
