package dev.dragoman.multimodal.ocr;

import dev.dragoman.multimodal.image.PictureFile;
import dev.dragoman.multimodal.image.PictureLimits;
import dev.dragoman.multimodal.worker.ServiceException;
import dev.dragoman.multimodal.worker.WorkerService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The worker's side: decodes or renders one page and reads it. Only {@link OcrEngine} starts it.
 */
public final class OcrService implements WorkerService {
  static final String TESSDATA = "dragoman.ocr.tessdata";
  static final String LANGUAGES = "dragoman.ocr.languages";

  private static final String PDF_HEADER = "%PDF-";

  /** Readers of PDF let its first line begin anywhere in here. */
  private static final int PDF_HEADER_WITHIN = 1024;

  private final PageReader reader;

  /** Loads Tesseract with the languages that the system properties name. */
  public OcrService() {
    this(
        Path.of(System.getProperty(TESSDATA, "")),
        List.of(System.getProperty(LANGUAGES, "eng").split("\\+", -1)));
  }

  OcrService(Path tessdata, List<String> languages) {
    this.reader = new PageReader(tessdata, languages);
  }

  @Override
  public byte[] serve(byte[] bytes) throws ServiceException {
    OcrRequest request;
    try {
      request = OcrRequest.decode(bytes);
      return (isPdf(request) ? pdf(request) : picture(request)).encode();
    } catch (NoSuchFileException gone) {
      throw new ServiceException("UNREADABLE", "the file is gone: " + gone.getMessage());
    } catch (IOException unreadable) {
      throw new ServiceException(
          "UNREADABLE", "the file cannot be read: " + unreadable.getMessage());
    }
  }

  private static boolean isPdf(OcrRequest request) throws IOException {
    if (request.mediaType().equals("application/pdf")) {
      return true;
    }
    try (InputStream in = Files.newInputStream(request.file())) {
      int within = request.mediaType().startsWith("image/") ? 1 : PDF_HEADER_WITHIN;
      byte[] head = in.readNBytes(within + PDF_HEADER.length() - 1);
      return new String(head, StandardCharsets.ISO_8859_1).contains(PDF_HEADER);
    }
  }

  private OcrReply pdf(OcrRequest request) throws ServiceException {
    try (PdfPages pdf = PdfPages.open(request.file())) {
      if (request.page() == 0) {
        return new OcrReply(pdf.count(PictureLimits.DEFAULT.maxPages()), null, List.of());
      }
      PdfPages.Page page = pdf.render(request.page());
      OcrPage text = read(request, Gray.of(page.picture()));
      if (text.words().isEmpty() && !page.problems().isEmpty()) {
        throw new ServiceException(
            "CORRUPT",
            "page "
                + request.page()
                + " of the PDF cannot be drawn ("
                + String.join("; ", page.problems())
                + ")");
      }
      return new OcrReply(0, text, page.problems());
    }
  }

  private OcrReply picture(OcrRequest request) throws IOException, ServiceException {
    PictureFile file = PictureFile.open(request.file(), PictureLimits.DEFAULT);
    if (request.page() == 0) {
      return new OcrReply(file.pages(), null, List.of());
    }
    if (request.page() > file.pages()) {
      throw new ServiceException(
          "CORRUPT",
          "there is no page " + request.page() + "; the file has " + file.pages() + " pages");
    }
    return new OcrReply(file.pages(), read(request, Gray.of(file.page(request.page()))), List.of());
  }

  private OcrPage read(OcrRequest request, Gray page) {
    return reader.read(
        request.page(), page, request.minWordConfidence(), request.minPageConfidence());
  }
}
