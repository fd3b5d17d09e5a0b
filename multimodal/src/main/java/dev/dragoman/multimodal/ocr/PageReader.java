package dev.dragoman.multimodal.ocr;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads one page after the other: turns it upright, straightens it, scales it, recognises it. */
final class PageReader implements AutoCloseable {
  private static final long MAX_PIXELS = 25_000_000;
  private static final long MAX_ENLARGED_PIXELS = 12_000_000;

  /** Tesseract's networks were trained on 300 dpi; a page is brought to the text size of that. */
  private static final int DPI = 300;

  private static final int SMALL_LETTERS = 16;
  private static final int LARGE_LETTERS = 40;
  private static final double GOOD_LETTERS = 22;
  private static final double MAX_ENLARGEMENT = 4;

  private static final int MIN_SPECKS = 500;
  private static final int SPECKS_PER_LETTER = 3;

  private static final double MIN_SKEW = 0.1;

  /** The orientation detector's confidence from which on a page is turned without a trial. */
  private static final double SURE = 8;

  /** Orientation confidence below which the detector is guessing, and upright is likelier. */
  private static final double GUESS = 2;

  private static final double LEGIBLE = 0.75;

  /** How much better a page must read in another orientation than in the likeliest. */
  private static final double MARGIN = 1.2;

  private final Tesseract reader;
  private final Tesseract orienter;

  PageReader(Path tessdata, List<String> languages) {
    this.reader = Tesseract.reader(tessdata, languages);
    this.orienter = Tesseract.orienter(tessdata);
  }

  /** A way the page may have been turned, with what is read when that is undone. */
  private record Attempt(Gray upright, int rotation, double skew, List<Tesseract.Word> words) {
    double confidence() {
      return PageText.confidence(words);
    }

    /** Whether it reads well, and in lines that run across the page and not down its side. */
    boolean legible() {
      long across = words.stream().filter(Attempt::isLong).filter(Attempt::isWide).count();
      long all = words.stream().filter(Attempt::isLong).count();
      return confidence() >= LEGIBLE && 2 * across >= all;
    }

    private static boolean isLong(Tesseract.Word word) {
      return word.text().length() >= 3;
    }

    private static boolean isWide(Tesseract.Word word) {
      return word.right() - word.left() > word.bottom() - word.top();
    }

    /** Letters in words that are likely right. */
    double evidence() {
      double sum = 0;
      for (Tesseract.Word word : words) {
        if (word.confidence() >= 0.6 && PageText.hasLetter(word.text())) {
          sum += word.text().length() * word.confidence() * word.confidence();
        }
      }
      return sum;
    }
  }

  /** Everything on the page; a page without text gives one without words. */
  OcrPage read(int number, Gray picture, double minWordConfidence, double minPageConfidence) {
    Gray page =
        picture.transformed(Math.min(1, Math.sqrt((double) MAX_PIXELS / picture.area())), 0);
    reader.page(page, DPI);
    Tesseract.Glyphs glyphs = reader.glyphs();
    if (glyphs.specks() > MIN_SPECKS && glyphs.specks() > SPECKS_PER_LETTER * glyphs.letters()) {
      page = page.despeckled();
      reader.page(page, DPI);
      glyphs = reader.glyphs();
    }
    if (glyphs.letters() == 0) {
      reader.forget();
      return blank(number, page);
    }
    Attempt best = bestAttempt(page, scale(page, glyphs));
    reader.forget();
    PageText text = PageText.of(best.words(), minWordConfidence, minPageConfidence);
    if (text.words().isEmpty()) {
      return blank(number, page);
    }
    return new OcrPage(
        number,
        best.upright().width(),
        best.upright().height(),
        best.rotation(),
        best.skew(),
        text.confidence(),
        text.text(),
        text.words());
  }

  private static OcrPage blank(int number, Gray page) {
    return new OcrPage(number, page.width(), page.height(), 0, 0, 0, "", List.of());
  }

  private static double scale(Gray page, Tesseract.Glyphs glyphs) {
    if (glyphs.height() > LARGE_LETTERS) {
      return GOOD_LETTERS / glyphs.height();
    }
    if (glyphs.height() >= SMALL_LETTERS) {
      return 1;
    }
    double wanted = Math.min(MAX_ENLARGEMENT, GOOD_LETTERS / glyphs.height());
    return Math.max(1, Math.min(wanted, Math.sqrt((double) MAX_ENLARGED_PIXELS / page.area())));
  }

  private Attempt bestAttempt(Gray page, double scale) {
    Attempt upright = attempt(page, 0, scale);
    if (upright.legible()) {
      return upright;
    }
    orienter.page(page.transformed(scale, 0), DPI);
    Tesseract.Orientation found = orienter.orientation();
    orienter.forget();
    int likely = found.confidence() < GUESS ? 0 : Math.floorMod(360 - found.degrees(), 360);
    Attempt best = likely == 0 ? upright : attempt(page, likely, scale);
    if (found.confidence() >= SURE || best.legible()) {
      return best;
    }
    for (int rotation = 0; rotation < 360; rotation += 90) {
      if (rotation != likely && !best.legible()) {
        Attempt other = rotation == 0 ? upright : attempt(page, rotation, scale);
        best = other.evidence() > MARGIN * best.evidence() ? other : best;
      }
    }
    return best;
  }

  private Attempt attempt(Gray page, int rotation, double scale) {
    Gray upright = page.turned(rotation);
    Gray scaled = upright.transformed(scale, 0);
    reader.page(scaled, DPI);
    double skew = reader.skew();
    if (Math.abs(skew) < MIN_SKEW) {
      skew = 0;
    } else {
      scaled = upright.transformed(scale, skew);
      reader.page(scaled, DPI);
    }
    List<Tesseract.Word> words = new ArrayList<>();
    for (Tesseract.Word word : reader.words()) {
      words.add(onPage(word, upright, scaled, scale));
    }
    return new Attempt(upright, rotation, skew, words);
  }

  /** The word with its box in the pixels of the page instead of those of its transformed copy. */
  private static Tesseract.Word onPage(
      Tesseract.Word word, Gray upright, Gray canvas, double scale) {
    double dx = upright.width() / 2.0;
    double dy = upright.height() / 2.0;
    double cx = canvas.width() / 2.0;
    double cy = canvas.height() / 2.0;
    int left = (int) Math.floor((word.left() - cx) / scale + dx);
    int top = (int) Math.floor((word.top() - cy) / scale + dy);
    int right = (int) Math.ceil((word.right() - cx) / scale + dx);
    int bottom = (int) Math.ceil((word.bottom() - cy) / scale + dy);
    left = Math.clamp(left, 0, upright.width() - 1);
    top = Math.clamp(top, 0, upright.height() - 1);
    return new Tesseract.Word(
        word.text(),
        word.confidence(),
        left,
        top,
        Math.clamp(right, left + 1, upright.width()),
        Math.clamp(bottom, top + 1, upright.height()),
        word.newParagraph(),
        word.newLine());
  }

  @Override
  public void close() {
    reader.close();
    orienter.close();
  }
}
