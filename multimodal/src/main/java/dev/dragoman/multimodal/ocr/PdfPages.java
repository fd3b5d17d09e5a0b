package dev.dragoman.multimodal.ocr;

import dev.dragoman.multimodal.worker.ServiceException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.contentstream.operator.OperatorName;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.io.MemoryUsageSetting;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.rendering.ImageType;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.rendering.PageDrawer;
import org.apache.pdfbox.rendering.PageDrawerParameters;

/** The pages of a PDF as pictures. */
final class PdfPages implements AutoCloseable {
  private static final float DPI = 300;
  private static final double POINTS_PER_INCH = 72;
  private static final double MAX_PIXELS = 25_000_000;
  private static final long MAX_HEAP_BYTES = 64L << 20;

  private final PDDocument document;

  private PdfPages(PDDocument document) {
    this.document = document;
  }

  /**
   * A rendered page.
   *
   * @param problems parts of it that could not be drawn
   */
  record Page(BufferedImage picture, List<String> problems) {}

  /**
   * Opens a PDF; one that is encrypted with an empty user password opens as viewers open it.
   *
   * @throws ServiceException ENCRYPTED, CORRUPT
   */
  static PdfPages open(Path file) throws ServiceException {
    try {
      return new PdfPages(
          Loader.loadPDF(
              file.toFile(),
              "",
              null,
              null,
              MemoryUsageSetting.setupMixed(MAX_HEAP_BYTES).streamCache));
    } catch (InvalidPasswordException locked) {
      throw new ServiceException(
          "ENCRYPTED", "the PDF needs a password; save a copy without one and try again");
    } catch (IOException | RuntimeException broken) {
      throw new ServiceException(
          "CORRUPT", "the PDF is damaged (" + broken.getMessage() + "); get an undamaged copy");
    }
  }

  /**
   * How many pages there are, counted one by one: a file may claim any number.
   *
   * @throws ServiceException TOO_LARGE beyond {@code max}, CORRUPT
   */
  int count(int max) throws ServiceException {
    int count = 0;
    try {
      for (PDPage ignored : document.getPages()) {
        if (++count > max) {
          throw new ServiceException(
              "TOO_LARGE",
              String.format(
                  Locale.ROOT,
                  "the PDF has more than %,d pages; split it into smaller files",
                  max));
        }
      }
    } catch (RuntimeException broken) {
      throw new ServiceException(
          "CORRUPT", "the PDF's list of pages is damaged (" + broken.getMessage() + ")");
    }
    return count;
  }

  /**
   * Draws a page at 300 dpi, or less where that would pass 25 megapixels.
   *
   * @param number from 1
   * @throws ServiceException CORRUPT
   */
  Page render(int number) throws ServiceException {
    try {
      PDPage page = document.getPage(number - 1);
      PDRectangle box = page.getCropBox();
      double inches = box.getWidth() / POINTS_PER_INCH * (box.getHeight() / POINTS_PER_INCH);
      if (!(inches > 0)) {
        throw new ServiceException(
            "CORRUPT",
            String.format(
                Locale.ROOT,
                "page %d of the PDF has no area (%.1f x %.1f points)",
                number,
                box.getWidth(),
                box.getHeight()));
      }
      double dpi = Math.min(DPI, Math.sqrt(MAX_PIXELS / inches));
      Renderer renderer = new Renderer(document);
      renderer.setSubsamplingAllowed(true);
      BufferedImage picture =
          renderer.renderImage(number - 1, (float) (dpi / POINTS_PER_INCH), ImageType.RGB);
      return new Page(picture, List.copyOf(renderer.problems));
    } catch (IOException | RuntimeException broken) {
      throw new ServiceException(
          "CORRUPT",
          "page " + number + " of the PDF cannot be drawn (" + broken.getMessage() + ")");
    }
  }

  @Override
  public void close() {
    IOUtils.closeQuietly(document);
  }

  private static final class Renderer extends PDFRenderer {
    private final Set<String> problems = new TreeSet<>();

    Renderer(PDDocument document) {
      super(document);
    }

    @Override
    protected PageDrawer createPageDrawer(PageDrawerParameters parameters) throws IOException {
      return new PageDrawer(parameters) {
        // PDFBox logs here and goes on, and a page whose only image failed would pass for blank.
        @Override
        protected void operatorException(Operator operator, List<COSBase> operands, IOException e)
            throws IOException {
          String name = operator.getName();
          if (name.equals(OperatorName.DRAW_OBJECT)
              || name.equals(OperatorName.BEGIN_INLINE_IMAGE)) {
            problems.add("an image could not be decoded: " + e.getMessage());
          }
        }
      };
    }
  }
}
