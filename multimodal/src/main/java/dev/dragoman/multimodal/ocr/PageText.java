package dev.dragoman.multimodal.ocr;

import java.util.ArrayList;
import java.util.List;

/** The text that words make, and the words with their places in it. */
record PageText(String text, double confidence, List<OcrWord> words) {
  /** Marks without a letter or digit (lines and dust read as signs) need this much confidence. */
  private static final double MIN_MARK_CONFIDENCE = 0.6;

  /**
   * A page with so few letters in all must be read with more confidence: an icon is soon an "x".
   */
  private static final int FEW_LETTERS = 8;

  private static final double MIN_FEW_CONFIDENCE = 0.75;

  /** Leaves out doubtful words, and all of them when the page as a whole is doubtful. */
  static PageText of(
      List<Tesseract.Word> found, double minWordConfidence, double minPageConfidence) {
    int letters = found.stream().mapToInt(word -> word.text().length()).sum();
    double limit =
        letters < FEW_LETTERS ? Math.max(minPageConfidence, MIN_FEW_CONFIDENCE) : minPageConfidence;
    if (confidence(found) < limit) {
      return new PageText("", 0, List.of());
    }
    StringBuilder text = new StringBuilder();
    List<Tesseract.Word> kept = new ArrayList<>();
    List<OcrWord> words = new ArrayList<>();
    boolean paragraph = false;
    boolean line = false;
    for (Tesseract.Word word : found) {
      paragraph |= word.newParagraph();
      line |= word.newLine();
      double wordLimit =
          hasLetter(word.text())
              ? minWordConfidence
              : Math.max(minWordConfidence, MIN_MARK_CONFIDENCE);
      if (word.confidence() < wordLimit) {
        continue;
      }
      if (!text.isEmpty()) {
        text.append(paragraph ? "\n\n" : line ? "\n" : " ");
      }
      int start = text.length();
      text.append(word.text());
      kept.add(word);
      words.add(
          new OcrWord(
              word.text(),
              word.confidence(),
              start,
              text.length(),
              word.left(),
              word.top(),
              word.right() - word.left(),
              word.bottom() - word.top()));
      paragraph = false;
      line = false;
    }
    return new PageText(text.toString(), confidence(kept), List.copyOf(words));
  }

  /** Whether there is a letter or a digit in it. */
  static boolean hasLetter(String text) {
    return text.codePoints().anyMatch(Character::isLetterOrDigit);
  }

  /** Mean of the words' confidences weighted by their length; 0 without words. */
  static double confidence(List<Tesseract.Word> words) {
    double sum = 0;
    int letters = 0;
    for (Tesseract.Word word : words) {
      sum += word.confidence() * word.text().length();
      letters += word.text().length();
    }
    return letters == 0 ? 0 : sum / letters;
  }
}
