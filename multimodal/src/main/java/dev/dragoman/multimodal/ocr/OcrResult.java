package dev.dragoman.multimodal.ocr;

import java.util.List;

/**
 * What was read in one file.
 *
 * @param pages those that could be read, in order
 * @param problems what could not, each a sentence that names its page; empty when all went well
 */
public record OcrResult(List<OcrPage> pages, List<String> problems) {
  /** Keeps its own copies. */
  public OcrResult {
    pages = List.copyOf(pages);
    problems = List.copyOf(problems);
  }
}
