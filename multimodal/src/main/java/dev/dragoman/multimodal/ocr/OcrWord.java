package dev.dragoman.multimodal.ocr;

/**
 * One recognised word.
 *
 * @param text as it stands in the page's text
 * @param confidence Tesseract's, 0 to 1
 * @param start offset of its first character in the page's text, in UTF-16 units
 * @param end offset behind its last character
 * @param x left edge in pixels of the upright page
 * @param y upper edge in pixels of the upright page
 * @param width in pixels
 * @param height in pixels
 */
public record OcrWord(
    String text, double confidence, int start, int end, int x, int y, int width, int height) {}
