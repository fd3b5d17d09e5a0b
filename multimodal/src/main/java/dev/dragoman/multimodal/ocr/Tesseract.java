package dev.dragoman.multimodal.ocr;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.sourceforge.lept4j.Boxa;
import net.sourceforge.lept4j.Leptonica1;
import net.sourceforge.lept4j.Pix;
import net.sourceforge.tess4j.ITessAPI.TessBaseAPI;
import net.sourceforge.tess4j.ITessAPI.TessOcrEngineMode;
import net.sourceforge.tess4j.ITessAPI.TessPageIterator;
import net.sourceforge.tess4j.ITessAPI.TessPageIteratorLevel;
import net.sourceforge.tess4j.ITessAPI.TessPageSegMode;
import net.sourceforge.tess4j.ITessAPI.TessPolyBlockType;
import net.sourceforge.tess4j.ITessAPI.TessResultIterator;
import net.sourceforge.tess4j.TessAPI1;

/** One Tesseract engine; lives in a worker process and serves one page at a time. */
final class Tesseract implements AutoCloseable {
  /** Leptonica's severity above which it says nothing on standard error. */
  private static final int SILENT = 6;

  private static final float SKEW_RANGE = 15f;
  private static final float SKEW_SWEEP_STEP = 1f;
  private static final float SKEW_PRECISION = 0.02f;
  private static final float SKEW_CONFIDENCE = 3f;

  private static final int GLYPH_LIMIT = 60_000;

  /** A word as Tesseract gives it, with what begins at it. */
  record Word(
      String text,
      double confidence,
      int left,
      int top,
      int right,
      int bottom,
      boolean newParagraph,
      boolean newLine) {}

  /**
   * Which way is up.
   *
   * @param degrees the page was turned clockwise by this much: 0, 90, 180, 270
   * @param confidence in Tesseract's own unit; from about 10 on it is hardly ever wrong
   */
  record Orientation(int degrees, double confidence) {}

  /**
   * The shapes on a page.
   *
   * @param height median height of what could be letters, in pixels; 0 if there are none
   * @param letters how many there are of them
   * @param specks how many are too small
   */
  record Glyphs(int height, int letters, int specks) {}

  private final TessBaseAPI api;

  private Tesseract(TessBaseAPI api) {
    this.api = api;
  }

  /** An engine that reads; LSTM networks only. */
  static Tesseract reader(Path tessdata, List<String> languages) {
    Tesseract reader = open(tessdata, String.join("+", languages), TessOcrEngineMode.OEM_LSTM_ONLY);
    TessAPI1.TessBaseAPISetPageSegMode(reader.api, TessPageSegMode.PSM_AUTO);
    return reader;
  }

  /** An engine that only tells which way a page is turned. */
  static Tesseract orienter(Path tessdata) {
    Tesseract orienter = open(tessdata, "osd", TessOcrEngineMode.OEM_TESSERACT_ONLY);
    TessAPI1.TessBaseAPISetPageSegMode(orienter.api, TessPageSegMode.PSM_OSD_ONLY);
    return orienter;
  }

  private static Tesseract open(Path tessdata, String language, int mode) {
    Leptonica1.setMsgSeverity(SILENT);
    TessBaseAPI api = TessAPI1.TessBaseAPICreate();
    if (TessAPI1.TessBaseAPIInit2(api, tessdata.toString(), language, mode) != 0) {
      TessAPI1.TessBaseAPIDelete(api);
      throw new IllegalStateException(
          "Tesseract cannot load "
              + language
              + " from "
              + tessdata
              + "; delete that folder and try again");
    }
    TessAPI1.TessBaseAPISetVariable(api, "debug_file", "/dev/null");
    return new Tesseract(api);
  }

  /** Takes the page that the other methods speak of. */
  void page(Gray gray, int dpi) {
    TessAPI1.TessBaseAPIClear(api);
    TessAPI1.TessBaseAPIClearAdaptiveClassifier(api);
    ByteBuffer pixels = ByteBuffer.allocateDirect(gray.pixels().length);
    pixels.put(gray.pixels()).flip();
    TessAPI1.TessBaseAPISetImage(api, pixels, gray.width(), gray.height(), 1, gray.width());
    TessAPI1.TessBaseAPISetSourceResolution(api, dpi);
  }

  /** Lets go of the page. */
  void forget() {
    TessAPI1.TessBaseAPIClear(api);
  }

  /** Degrees clockwise that the lines of the page have to be turned to lie level; 0 if unsure. */
  double skew() {
    Pix binary = TessAPI1.TessBaseAPIGetThresholdedImage(api);
    if (binary == null) {
      return 0;
    }
    try {
      FloatBuffer angle = FloatBuffer.allocate(1);
      FloatBuffer confidence = FloatBuffer.allocate(1);
      int failed =
          Leptonica1.pixFindSkewSweepAndSearch(
              binary, angle, confidence, 4, 2, SKEW_RANGE, SKEW_SWEEP_STEP, SKEW_PRECISION);
      return failed == 0 && confidence.get(0) >= SKEW_CONFIDENCE ? angle.get(0) : 0;
    } finally {
      Leptonica1.pixDestroy(new PointerByReference(binary.getPointer()));
    }
  }

  /** The connected dark shapes on the page. */
  Glyphs glyphs() {
    Pix binary = TessAPI1.TessBaseAPIGetThresholdedImage(api);
    if (binary == null) {
      return new Glyphs(0, 0, 0);
    }
    Boxa boxes = null;
    try {
      boxes = Leptonica1.pixConnCompBB(binary, 8);
      return boxes == null ? new Glyphs(0, 0, 0) : glyphs(boxes);
    } finally {
      if (boxes != null) {
        Leptonica1.boxaDestroy(new PointerByReference(boxes.getPointer()));
      }
      Leptonica1.pixDestroy(new PointerByReference(binary.getPointer()));
    }
  }

  private static Glyphs glyphs(Boxa boxes) {
    int count = Math.min(Leptonica1.boxaGetCount(boxes), GLYPH_LIMIT);
    IntBuffer x = IntBuffer.allocate(1);
    IntBuffer y = IntBuffer.allocate(1);
    IntBuffer w = IntBuffer.allocate(1);
    IntBuffer h = IntBuffer.allocate(1);
    int[] heights = new int[count];
    int letters = 0;
    int specks = 0;
    for (int i = 0; i < count; i++) {
      Leptonica1.boxaGetBoxGeometry(boxes, i, x, y, w, h);
      int width = w.get(0);
      int height = h.get(0);
      if (height <= 3 && width <= 3) {
        specks++;
      } else if (height >= 4 && height <= 400 && width <= 5 * height && height <= 8 * width) {
        heights[letters++] = height;
      }
    }
    Arrays.sort(heights, 0, letters);
    return new Glyphs(letters == 0 ? 0 : heights[letters / 2], letters, specks);
  }

  /** Which way the page is turned; confidence 0 if it holds too few letters to say. */
  Orientation orientation() {
    IntBuffer degrees = IntBuffer.allocate(1);
    FloatBuffer confidence = FloatBuffer.allocate(1);
    FloatBuffer scriptConfidence = FloatBuffer.allocate(1);
    int found =
        TessAPI1.TessBaseAPIDetectOrientationScript(
            api, degrees, confidence, new PointerByReference(), scriptConfidence);
    return found == 0
        ? new Orientation(0, 0)
        : new Orientation(Math.floorMod(degrees.get(0), 360), confidence.get(0));
  }

  /** Reads the page; boxes are in the pixels of the picture given to {@link #page}. */
  List<Word> words() {
    if (TessAPI1.TessBaseAPIRecognize(api, null) != 0) {
      return List.of();
    }
    TessResultIterator results = TessAPI1.TessBaseAPIGetIterator(api);
    if (results == null) {
      return List.of();
    }
    try {
      return words(results);
    } finally {
      TessAPI1.TessResultIteratorDelete(results);
    }
  }

  private static List<Word> words(TessResultIterator results) {
    TessPageIterator place = TessAPI1.TessResultIteratorGetPageIterator(results);
    IntBuffer left = IntBuffer.allocate(1);
    IntBuffer top = IntBuffer.allocate(1);
    IntBuffer right = IntBuffer.allocate(1);
    IntBuffer bottom = IntBuffer.allocate(1);
    List<Word> words = new ArrayList<>();
    boolean paragraph = false;
    boolean line = false;
    do {
      paragraph |= begins(place, TessPageIteratorLevel.RIL_PARA);
      line |= begins(place, TessPageIteratorLevel.RIL_TEXTLINE);
      int block = TessAPI1.TessPageIteratorBlockType(place);
      boolean isText = block <= TessPolyBlockType.PT_CAPTION_TEXT;
      Pointer utf8 =
          isText
              ? TessAPI1.TessResultIteratorGetUTF8Text(results, TessPageIteratorLevel.RIL_WORD)
              : null;
      if (utf8 == null) {
        continue;
      }
      String text = utf8.getString(0, "UTF-8").strip();
      TessAPI1.TessDeleteText(utf8);
      if (text.isEmpty()) {
        continue;
      }
      TessAPI1.TessPageIteratorBoundingBox(
          place, TessPageIteratorLevel.RIL_WORD, left, top, right, bottom);
      float percent =
          TessAPI1.TessResultIteratorConfidence(results, TessPageIteratorLevel.RIL_WORD);
      words.add(
          new Word(
              text,
              Math.clamp(percent / 100.0, 0, 1),
              left.get(0),
              top.get(0),
              right.get(0),
              bottom.get(0),
              paragraph,
              line));
      paragraph = false;
      line = false;
    } while (TessAPI1.TessResultIteratorNext(results, TessPageIteratorLevel.RIL_WORD) != 0);
    return words;
  }

  private static boolean begins(TessPageIterator place, int level) {
    return TessAPI1.TessPageIteratorIsAtBeginningOf(place, level) != 0;
  }

  @Override
  public void close() {
    TessAPI1.TessBaseAPIEnd(api);
    TessAPI1.TessBaseAPIDelete(api);
  }
}
