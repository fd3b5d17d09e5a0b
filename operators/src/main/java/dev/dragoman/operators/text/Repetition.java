package dev.dragoman.operators.text;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Tells when a model says the same thing over and over again. */
public final class Repetition {
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");
  private static final int LONGEST = 8;
  private static final int STROKE = 12;

  private Repetition() {}

  /**
   * Whether a run of up to eight words comes at least three times more in a row than in the source,
   * or a single character twelve times where the source has no such thing.
   */
  public static boolean loops(String text, String source) {
    return repeats(text) >= 3 + Math.max(1, repeats(source)) || strokes(text) > strokes(source);
  }

  /** How often a run of words comes in a row at most; 0 where none comes twice. */
  private static int repeats(String text) {
    List<String> words =
        BETWEEN_WORDS
            .splitAsStream(text.toLowerCase(Locale.ROOT))
            .filter(word -> !word.isEmpty())
            .toList();
    int most = 0;
    for (int length = 1; length <= LONGEST; length++) {
      int run = 0;
      for (int i = length; i < words.size(); i++) {
        run = words.get(i).equals(words.get(i - length)) ? run + 1 : 0;
        most = Math.max(most, run / length + (run >= length ? 1 : 0));
      }
    }
    return most;
  }

  private static int strokes(String text) {
    int runs = 0;
    int run = 1;
    for (int i = 1; i < text.length(); i++) {
      run = text.charAt(i) == text.charAt(i - 1) && text.charAt(i) != ' ' ? run + 1 : 1;
      runs += run == STROKE ? 1 : 0;
    }
    return runs;
  }
}
