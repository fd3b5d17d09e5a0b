package dev.dragoman.multimodal.ocr;

import dev.dragoman.models.MissingModelException;
import dev.dragoman.models.catalog.ModelStore;
import dev.dragoman.multimodal.worker.WorkerException;
import dev.dragoman.multimodal.worker.WorkerPool;
import dev.dragoman.multimodal.worker.WorkerSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the text on pictures and scanned pages, in worker processes that may die: a page that
 * crashes, hangs or fills the memory of its process costs its document and nothing else.
 *
 * <p>Thread-safe. Engines with equal settings share their processes within a JVM.
 */
public final class OcrEngine implements AutoCloseable {
  private static final int MAX_REQUESTS = 500;
  private static final long NATIVE_MB = 1024;

  private final OcrSettings settings;
  private final WorkerPool pool;

  private OcrEngine(OcrSettings settings, WorkerPool pool) {
    this.settings = settings;
    this.pool = pool;
  }

  /** An engine with the languages installed in the default model store, and English. */
  public static OcrEngine open(OcrSettings settings) {
    Path home = ModelStore.atDefaultHome().home();
    return open(settings, List.of(home.resolve("models")), home.resolve("native"));
  }

  /**
   * An engine.
   *
   * @param tessdata folders with trained data, looked through in order for {@code nld.traineddata}
   *     and {@code tessdata-nld/nld.traineddata}; English needs none
   * @param cache the folder that Tesseract itself is unpacked into, once; 30 MB
   * @throws MissingModelException if a language is not installed; names the command that gets it
   * @throws java.io.UncheckedIOException if the native libraries cannot be unpacked
   */
  public static OcrEngine open(OcrSettings settings, List<Path> tessdata, Path cache) {
    TesseractFiles files = new TesseractFiles(cache.toAbsolutePath());
    Path data = files.trainedData(settings.languages(), tessdata);
    WorkerSpec spec =
        new WorkerSpec(
            OcrService.class,
            settings.workers(),
            settings.maxHeapMb(),
            settings.pageTimeLimit(),
            MAX_REQUESTS,
            settings.maxHeapMb() + NATIVE_MB,
            List.of(
                "-Djna.library.path=" + files.libraries(),
                "-Dpdfbox.fontcache=" + cache.toAbsolutePath(),
                "-D" + OcrService.TESSDATA + "=" + data,
                "-D" + OcrService.LANGUAGES + "=" + String.join("+", settings.languages()),
                "-XX:TieredStopAtLevel=4"));
    return new OcrEngine(settings, WorkerPool.shared(spec));
  }

  /**
   * Reads a picture or a PDF.
   *
   * <p>A page that is damaged is named in the result's problems while the others are read; a file
   * without a single readable page fails with the first page's failure.
   *
   * @param mediaType {@code application/pdf} or anything else; pictures are told by their content
   * @param page from 1; 0 reads all pages of a PDF or a multi-page TIFF
   * @throws WorkerException with a rejection code (EMPTY, CORRUPT, ENCRYPTED, UNSUPPORTED,
   *     TOO_LARGE, TIMEOUT, OUT_OF_MEMORY, WORKER_CRASHED, UNREADABLE) and a message for the user
   */
  public OcrResult recognize(Path file, String mediaType, int page) throws WorkerException {
    if (page < 0) {
      throw new IllegalArgumentException("page " + page);
    }
    Path absolute = file.toAbsolutePath();
    List<OcrPage> pages = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    if (page > 0) {
      read(absolute, mediaType, page, pages, problems);
      return new OcrResult(pages, problems);
    }
    int count = call(absolute, mediaType, 0).pages();
    WorkerException first = null;
    for (int number = 1; number <= count; number++) {
      try {
        read(absolute, mediaType, number, pages, problems);
      } catch (WorkerException failure) {
        if (!isOfOnePage(failure)) {
          throw failure;
        }
        first = first == null ? failure : first;
        problems.add("page " + number + " was not read: " + failure.getMessage());
      }
    }
    if (pages.isEmpty()) {
      throw first == null
          ? new WorkerException("EMPTY", "the file has no pages; there is nothing to read")
          : first;
    }
    return new OcrResult(pages, problems);
  }

  private void read(
      Path file, String mediaType, int number, List<OcrPage> pages, List<String> problems)
      throws WorkerException {
    OcrReply reply = call(file, mediaType, number);
    if (reply.page() != null) {
      pages.add(reply.page());
    }
    for (String problem : reply.problems()) {
      problems.add("page " + number + ": " + problem);
    }
  }

  private OcrReply call(Path file, String mediaType, int page) throws WorkerException {
    OcrRequest request =
        new OcrRequest(
            file, mediaType, page, settings.minWordConfidence(), settings.minPageConfidence());
    return OcrReply.decode(pool.call(request.encode()));
  }

  private static boolean isOfOnePage(WorkerException failure) {
    return switch (failure.code()) {
      case "CORRUPT", "UNSUPPORTED", "TOO_LARGE" -> true;
      default -> false;
    };
  }

  /** Lets go of the worker processes. */
  @Override
  public void close() {
    pool.close();
  }
}
