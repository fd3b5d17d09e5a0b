package dev.dragoman.multimodal.ocr;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How pages are read.
 *
 * @param languages Tesseract's three-letter codes, the likeliest first
 * @param minWordConfidence words below it are left out, 0 to 1
 * @param minPageConfidence a page whose words average below it is taken for a picture without text
 * @param workers processes that read at the same time
 * @param pageTimeLimit a page that takes longer costs the document
 * @param maxHeapMb Java heap of a worker; native memory comes on top
 */
public record OcrSettings(
    List<String> languages,
    double minWordConfidence,
    double minPageConfidence,
    int workers,
    Duration pageTimeLimit,
    int maxHeapMb) {
  private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z][A-Za-z0-9_]{1,31}");

  /** Checks ranges and the form of the language codes. */
  public OcrSettings {
    languages = List.copyOf(languages);
    if (languages.isEmpty()) {
      throw new IllegalArgumentException("name at least one language, for example eng");
    }
    for (String language : languages) {
      if (!LANGUAGE.matcher(language).matches()) {
        throw new IllegalArgumentException(
            "\"" + language + "\" is not a language code; use Tesseract's, for example eng or nld");
      }
    }
    if (!(minWordConfidence >= 0 && minWordConfidence <= 1)
        || !(minPageConfidence >= 0 && minPageConfidence <= 1)) {
      throw new IllegalArgumentException("confidences lie between 0 and 1");
    }
    if (workers < 1 || maxHeapMb < 64 || !pageTimeLimit.isPositive()) {
      throw new IllegalArgumentException("workers, heap and time limit must be positive");
    }
  }

  /** One worker, two minutes a page, and limits that keep photographs without text silent. */
  public static OcrSettings of(String... languages) {
    return new OcrSettings(List.of(languages), 0.3, 0.5, 1, Duration.ofMinutes(2), 1024);
  }

  /** The same with so many worker processes. */
  public OcrSettings withWorkers(int count) {
    return new OcrSettings(
        languages, minWordConfidence, minPageConfidence, count, pageTimeLimit, maxHeapMb);
  }

  /** The same with another time limit for a page. */
  public OcrSettings withPageTimeLimit(Duration limit) {
    return new OcrSettings(
        languages, minWordConfidence, minPageConfidence, workers, limit, maxHeapMb);
  }

  /** The same with other confidence limits, 0 to 1. */
  public OcrSettings withMinConfidence(double word, double page) {
    return new OcrSettings(languages, word, page, workers, pageTimeLimit, maxHeapMb);
  }
}
