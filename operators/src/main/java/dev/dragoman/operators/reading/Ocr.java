package dev.dragoman.operators.reading;

import dev.dragoman.models.catalog.ModelCatalog;
import dev.dragoman.multimodal.ocr.OcrEngine;
import dev.dragoman.multimodal.ocr.OcrPage;
import dev.dragoman.multimodal.ocr.OcrResult;
import dev.dragoman.multimodal.ocr.OcrSettings;
import dev.dragoman.multimodal.ocr.OcrWord;
import dev.dragoman.multimodal.worker.WorkerException;
import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.ImagePart;
import dev.dragoman.operators.record.Part;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.TextPart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the text in pictures and on scanned pages. */
public final class Ocr implements Operator {
  private static final int MAX_WORKERS = 8;
  private static final int LEAST_HEAP_MB = 128;

  /** The configuration. */
  @OperatorInfo(
      name = "Ocr",
      version = "1",
      summary = "Reads the text in pictures and on scanned pages.",
      details =
          "Adds a text `ocr:N` after each picture or page, in reading order, turned upright and level first. Each "
              + "word becomes a region (`word`) with its box in the pixels of the upright page, its page, its "
              + "confidence and its place in the text; a page that was turned is labelled `rotation`. A "
              + "picture without legible text is kept with none. A page that fails is labelled `failed`; the "
              + "document is rejected when nothing else of it could be read: CORRUPT, UNSUPPORTED, "
              + "TOO_LARGE, TIMEOUT, OUT_OF_MEMORY, WORKER_CRASHED.")
  public record Config(
      @Param(
              value = "Tesseract's codes of the languages to expect, the likeliest first",
              fallback = "[\"eng\", \"nld\"]")
          List<String> languages,
      @Param(value = "words the recogniser is less sure of are left out, 0 to 1", fallback = "0.3")
          double minConfidence,
      @Param(
              value =
                  "a page whose words average below is taken for a picture without text, 0 to 1",
              fallback = "0.5")
          double minPageConfidence,
      @Param(value = "a page that takes longer is given up, seconds", fallback = "120")
          int pageSeconds,
      @Param(
              value =
                  "Java heap of a process that reads pages, MiB; there is one a core, eight at most",
              fallback = "1024")
          int workerHeapMb,
      @Param(
              value =
                  "folders to look into for NAME.traineddata before the model cache, for languages the catalog does not have",
              fallback = "[]")
          List<String> tessdata)
      implements OperatorConfig {
    private static final long serialVersionUID = 1;

    public Config {
      languages = List.copyOf(languages);
      tessdata = List.copyOf(tessdata);
      if (pageSeconds < 1) {
        throw new ConfigException(
            "page_seconds", "Ocr.page_seconds must be at least 1, not " + pageSeconds);
      }
      if (workerHeapMb < LEAST_HEAP_MB) {
        throw new ConfigException(
            "worker_heap_mb",
            "Ocr.worker_heap_mb must be at least " + LEAST_HEAP_MB + ", not " + workerHeapMb);
      }
      try {
        settings(languages, minConfidence, minPageConfidence, pageSeconds, workerHeapMb);
      } catch (IllegalArgumentException e) {
        throw new ConfigException("languages", "Ocr: " + e.getMessage());
      }
    }

    /** The configuration with every parameter at its default. */
    public static Config defaults() {
      return Configs.defaults(Config.class);
    }

    private static OcrSettings settings(
        List<String> languages, double word, double page, int seconds, int heapMb) {
      int workers = Math.min(MAX_WORKERS, Runtime.getRuntime().availableProcessors());
      return new OcrSettings(languages, word, page, workers, Duration.ofSeconds(seconds), heapMb);
    }

    /** The recognition data of its languages, as far as the catalog has it. */
    @Override
    public List<String> models() {
      return languages.stream()
          .map(language -> "tessdata-" + language)
          .filter(name -> ModelCatalog.builtIn().find(name).isPresent())
          .toList();
    }

    @Override
    public void checkAfter(List<? extends OperatorConfig> before) {
      Needs.extractText(this, before);
    }

    @Override
    public Operator open(OperatorContext context) {
      List<Path> folders =
          Stream.concat(
                  tessdata.stream().map(Path::of),
                  Stream.of(context.models().home().resolve("models")))
              .toList();
      OcrSettings settings =
          settings(languages, minConfidence, minPageConfidence, pageSeconds, workerHeapMb);
      return new Ocr(
          this,
          context,
          OcrEngine.open(settings, folders, context.models().home().resolve("native")));
    }
  }

  private final OperatorContext context;
  private final OcrEngine engine;
  private final Findings findings;

  private Ocr(Config config, OperatorContext context, OcrEngine engine) {
    this.context = context;
    this.engine = engine;
    this.findings =
        new Findings(config.info(), "tesseract-" + String.join("+", config.languages()));
  }

  @Override
  public List<Outcome> apply(List<Document> batch) {
    return batch.stream().map(this::apply).toList();
  }

  private Outcome apply(Document given) {
    if (given.partsOf(ImagePart.class).isEmpty()) {
      return new Outcome.Enriched(given);
    }
    Document document = Findings.taken(given, ImagePart.class);
    List<Part> parts = new ArrayList<>();
    List<Annotation> found = new ArrayList<>();
    boolean anyRead = !document.textParts().isEmpty();
    @Nullable WorkerException first = null;
    for (Part part : document.parts()) {
      parts.add(part);
      if (!(part instanceof ImagePart image)) {
        continue;
      }
      try (LocalFile file = LocalFile.of(document, image.content(), context.contents())) {
        OcrResult result = engine.recognize(file.path(), image.mediaType(), image.page());
        anyRead = true;
        for (OcrPage page : result.pages()) {
          add(page, image, parts, found);
        }
        for (String problem : result.problems()) {
          found.add(findings.failed(image.id(), problem));
        }
      } catch (WorkerException e) {
        first = first == null ? e : first;
        found.add(
            findings.failed(
                image.id(),
                e.code()
                    + ": "
                    + (image.page() > 0 ? "page " + image.page() + ": " : "")
                    + e.getMessage()));
      } catch (IOException e) {
        return findings.unreadable(document, e);
      }
    }
    if (!anyRead && first != null) {
      return findings.rejected(document, first, "page_seconds", "worker_heap_mb");
    }
    return new Outcome.Enriched(document.withParts(parts).plus(found).with(findings.done()));
  }

  private void add(OcrPage page, ImagePart image, List<Part> parts, List<Annotation> found) {
    int number = image.page() > 0 ? image.page() : page.page();
    PartId id = new PartId("ocr:" + number);
    if (page.rotation() != 0) {
      found.add(findings.label(image.id(), "rotation", Integer.toString(page.rotation())));
    }
    if (page.text().isBlank()) {
      return;
    }
    parts.add(new TextPart(id, image.id(), TextPart.Role.OCR, number, page.text()));
    for (OcrWord word : page.words()) {
      found.add(
          new Annotation.Region(
              findings.in(id),
              "word",
              word.text(),
              word.confidence(),
              word.start(),
              word.end(),
              number,
              word.x(),
              word.y(),
              word.width(),
              word.height()));
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
