/**
 * Text out of pictures and scanned pages with Tesseract.
 *
 * <p>{@link dev.dragoman.multimodal.ocr.OcrEngine} is the front. It sends each page of a document
 * to a worker process, where the page is decoded or rendered, turned upright, straightened, brought
 * to the text height that Tesseract reads best, and recognised. What comes back are words with
 * boxes and confidences, and the text they make in reading order.
 */
@NullMarked
package dev.dragoman.multimodal.ocr;

import org.jspecify.annotations.NullMarked;
