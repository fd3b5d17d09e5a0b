package dev.dragoman.multimodal.image;

import dev.dragoman.multimodal.worker.ServiceException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A picture file and its pages. Pages are the full-size images of a TIFF; of an icon file, the
 * largest size; of any other format, animations among them, the first image.
 *
 * <p>Failures are the file's: EMPTY, UNSUPPORTED (no decoder knows it), CORRUPT, TOO_LARGE.
 */
public final class PictureFile {
  /** Raw pixels beyond this are thinned out while decoding, so that a page fits a small heap. */
  private static final long MAX_RAW_BYTES = 300_000_000;

  private static final Pattern UNSUPPORTED =
      Pattern.compile("(?i)unsupported|not supported|not implemented|unknown .*compression");

  private static final Pattern OBJECT_ADDRESS = Pattern.compile("@[0-9a-f]{5,}");

  static {
    ImageIO.setUseCache(false);
  }

  private final Path file;
  private final PictureLimits limits;
  private final List<ImageReaderSpi> decoders;
  private final List<Page> pages;

  /**
   * Where a page lies in the file.
   *
   * @param index the decoder's number for it
   */
  private record Page(int index, ExifOrientation orientation) {}

  private PictureFile(
      Path file, PictureLimits limits, List<ImageReaderSpi> decoders, List<Page> pages) {
    this.file = file;
    this.limits = limits;
    this.decoders = decoders;
    this.pages = pages;
  }

  /**
   * Finds the decoders for a file and counts its pages; decodes nothing yet.
   *
   * @throws ServiceException if it is empty, of no known picture format, or has too many pages
   * @throws IOException if the file cannot be read from where it lies
   */
  public static PictureFile open(Path file, PictureLimits limits)
      throws IOException, ServiceException {
    if (Files.size(file) == 0) {
      throw new ServiceException("EMPTY", "the file has no bytes; send the picture again");
    }
    List<ImageReaderSpi> decoders = decoders(file);
    if (decoders.isEmpty()) {
      throw new ServiceException(
          "UNSUPPORTED",
          "no decoder recognises this as a picture; convert it to PNG, JPEG or TIFF and try again");
    }
    return new PictureFile(file, limits, decoders, pages(file, decoders.getFirst(), limits));
  }

  /** How many pages there are; at least 1. */
  public int pages() {
    return pages.size();
  }

  /**
   * Decodes one page: upright by its orientation tag, transparent parts white, TYPE_INT_RGB.
   *
   * @param number from 1
   */
  public BufferedImage page(int number) throws ServiceException {
    Page page = pages.get(number - 1);
    ServiceException first = null;
    for (ImageReaderSpi decoder : decoders) {
      try {
        return page.orientation().apply(rgb(decode(decoder, page.index())));
      } catch (ServiceException refused) {
        throw refused;
      } catch (IOException | RuntimeException | LinkageError broken) {
        first = first == null ? failure(decoder, broken) : first;
      }
    }
    throw first == null
        ? new ServiceException("UNSUPPORTED", "no decoder for this picture")
        : first;
  }

  private BufferedImage decode(ImageReaderSpi decoder, int index)
      throws IOException, ServiceException {
    try (ImageInputStream in = stream(file)) {
      ImageReader reader = decoder.createReaderInstance();
      try {
        reader.setInput(in, false, true);
        int width = reader.getWidth(index);
        int height = reader.getHeight(index);
        if (width < 1 || height < 1) {
          throw new ServiceException(
              "CORRUPT", "the picture claims a size of " + width + " x " + height + " pixels");
        }
        if ((long) width * height > limits.maxPixels()) {
          throw new ServiceException("TOO_LARGE", tooLarge(width, height));
        }
        ImageReadParam param = reader.getDefaultReadParam();
        int step = (int) Math.ceil(Math.sqrt((double) rawBytes(reader, index) / MAX_RAW_BYTES));
        if (step > 1) {
          param.setSourceSubsampling(step, step, 0, 0);
        }
        return reader.read(index, param);
      } finally {
        reader.dispose();
      }
    }
  }

  private String tooLarge(int width, int height) {
    return String.format(
        Locale.ROOT,
        "the picture claims %,d x %,d = %,.1f megapixels, and at most %,d are read; scale it down",
        width,
        height,
        (double) width * height / 1e6,
        limits.maxPixels() / 1_000_000);
  }

  private static long rawBytes(ImageReader reader, int index) throws IOException {
    long pixels = (long) reader.getWidth(index) * reader.getHeight(index);
    ImageTypeSpecifier type;
    try {
      type = reader.getRawImageType(index);
    } catch (IOException | RuntimeException unknown) {
      type = null;
    }
    int bits = type == null ? 32 : type.getColorModel().getPixelSize();
    return pixels * Math.max(bits, 8) / 8;
  }

  private static ServiceException failure(ImageReaderSpi decoder, Throwable cause) {
    String format = decoder.getFormatNames()[0].toUpperCase(Locale.ROOT);
    String reason = reason(cause);
    boolean unsupported =
        cause instanceof UnsupportedOperationException
            || cause instanceof LinkageError
            || UNSUPPORTED.matcher(reason).find();
    return unsupported
        ? new ServiceException(
            "UNSUPPORTED",
            "this kind of "
                + format
                + " cannot be decoded ("
                + reason
                + "); convert it to PNG, JPEG or plain TIFF and try again")
        : new ServiceException(
            "CORRUPT",
            "the "
                + format
                + " picture breaks off or contradicts its own format ("
                + reason
                + "); get an undamaged copy");
  }

  private static String reason(Throwable cause) {
    String message = cause.getMessage();
    return message == null || message.isBlank()
        ? cause.getClass().getSimpleName()
        : OBJECT_ADDRESS.matcher(message.strip()).replaceAll("");
  }

  private static List<Page> pages(Path file, ImageReaderSpi decoder, PictureLimits limits)
      throws IOException, ServiceException {
    return switch (decoder.getFormatNames()[0].toLowerCase(Locale.ROOT)) {
      case "tiff", "tif", "bigtiff" -> tiffPages(file, limits);
      case "ico", "cur", "icns" ->
          List.of(new Page(largest(file, decoder), ExifOrientation.UPRIGHT));
      default -> {
        try (ImageInputStream in = stream(file)) {
          yield List.of(new Page(0, ExifScan.orientation(in)));
        }
      }
    };
  }

  private static List<Page> tiffPages(Path file, PictureLimits limits)
      throws IOException, ServiceException {
    List<Page> pages = new ArrayList<>();
    try (ImageInputStream in = stream(file)) {
      List<ExifScan.Directory> directories = ExifScan.tiffDirectories(in, limits.maxPages() + 1);
      if (directories.size() > limits.maxPages()) {
        throw new ServiceException(
            "TOO_LARGE",
            String.format(
                Locale.ROOT,
                "the TIFF has more than %,d pages; split it into smaller files",
                limits.maxPages()));
      }
      for (int i = 0; i < directories.size(); i++) {
        if (!directories.get(i).reduced()) {
          pages.add(new Page(i, directories.get(i).orientation()));
        }
      }
    }
    return pages.isEmpty() ? List.of(new Page(0, ExifOrientation.UPRIGHT)) : List.copyOf(pages);
  }

  private static int largest(Path file, ImageReaderSpi decoder) throws IOException {
    try (ImageInputStream in = stream(file)) {
      ImageReader reader = decoder.createReaderInstance();
      try {
        reader.setInput(in, false, true);
        int count = reader.getNumImages(true);
        int best = 0;
        for (int i = 1; i < count; i++) {
          if (reader.getWidth(i) > reader.getWidth(best)) {
            best = i;
          }
        }
        return best;
      } catch (IOException | RuntimeException broken) {
        return 0;
      } finally {
        reader.dispose();
      }
    }
  }

  /**
   * The decoders that recognise the file. The registry lists them in an order that changes from run
   * to run: TwelveMonkeys goes first (it reads CMYK and other odd JPEGs), then the JDK, then the
   * rest.
   */
  private static List<ImageReaderSpi> decoders(Path file) throws IOException {
    List<ImageReaderSpi> found = new ArrayList<>();
    Iterator<ImageReaderSpi> all =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
    while (all.hasNext()) {
      ImageReaderSpi spi = all.next();
      if (recognises(spi, file)) {
        found.add(spi);
      }
    }
    found.sort(
        Comparator.comparingInt(PictureFile::rank).thenComparing(spi -> spi.getClass().getName()));
    return found;
  }

  private static boolean recognises(ImageReaderSpi spi, Path file) throws IOException {
    // WBMP has no magic number and its reader claims any file that starts with two zeros.
    if (spi.getFormatNames()[0].equalsIgnoreCase("wbmp")) {
      return false;
    }
    try (ImageInputStream in = stream(file)) {
      return spi.canDecodeInput(in);
    } catch (EOFException | RuntimeException tooShort) {
      return false;
    }
  }

  private static int rank(ImageReaderSpi spi) {
    String name = spi.getClass().getName();
    // A TGA has no magic number, so its reader claims what others know for certain.
    if (name.contains(".tga.")) {
      return 3;
    }
    return name.startsWith("com.twelvemonkeys.") ? 0 : name.startsWith("com.sun.") ? 1 : 2;
  }

  private static ImageInputStream stream(Path file) throws IOException {
    @Nullable ImageInputStream in = ImageIO.createImageInputStream(file.toFile());
    if (in == null) {
      throw new IOException("cannot open " + file.getFileName());
    }
    return in;
  }

  private static BufferedImage rgb(BufferedImage decoded) {
    if (decoded.getType() == BufferedImage.TYPE_INT_RGB) {
      return decoded;
    }
    BufferedImage rgb =
        new BufferedImage(decoded.getWidth(), decoded.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D g = rgb.createGraphics();
    try {
      g.setColor(Color.WHITE);
      g.fillRect(0, 0, rgb.getWidth(), rgb.getHeight());
      g.drawImage(decoded, 0, 0, null);
    } finally {
      g.dispose();
    }
    return rgb;
  }
}
