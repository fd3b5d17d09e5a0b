package dev.dragoman.multimodal.ocr;

import java.util.List;

/**
 * What was read on one page.
 *
 * <p>Boxes are in the pixels of the <em>upright page</em>: take the picture as a viewer shows it
 * (its EXIF orientation undone, or the PDF page rendered), turn it clockwise by {@code rotation},
 * then clockwise about its centre by {@code skew}, keeping its size. For a PDF page and for a
 * picture above 25 megapixels {@code width} and {@code height} say to what size it was scaled.
 *
 * @param page from 1
 * @param width of the upright page in pixels
 * @param height of the upright page in pixels
 * @param rotation 0, 90, 180 or 270: degrees clockwise that turned the picture upright
 * @param skew degrees clockwise that then made the lines level; within 15 of zero
 * @param confidence mean of the words', weighted by their length, 0 to 1; 0 on a page without words
 * @param text words joined by spaces, lines by a line feed, paragraphs by two, columns one after
 *     the other; empty when nothing legible was found
 * @param words in the order of the text
 */
public record OcrPage(
    int page,
    int width,
    int height,
    int rotation,
    double skew,
    double confidence,
    String text,
    List<OcrWord> words) {
  /** Keeps its own copy of the words. */
  public OcrPage {
    words = List.copyOf(words);
  }
}
