package dev.dragoman.operators.translate;

import dev.dragoman.operators.text.Repetition;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/** What can be seen to be wrong with a translation without knowing the languages well. */
final class Checks {
  private static final Pattern NUMBER = Pattern.compile("\\d+(?:[.,'\\u00a0\\u202f]\\d+)*");
  private static final Pattern NOT_DIGITS = Pattern.compile("\\D+");
  private static final Pattern WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");

  /** Numbers up to this are often written as words. */
  private static final int SPELLED_OUT = 12;

  private static final int LETTERS_THAT_TELL = 30;
  private static final double SURE = 0.9;

  private Checks() {}

  /** What is wrong, worst first. */
  enum Problem {
    /** There is nothing. */
    EMPTY("nothing came back"),
    /** Something is said over and over again. */
    LOOPING("it repeats itself"),
    /** It is much longer or shorter than what was said. */
    LENGTH("its length does not fit"),
    /** It is still in the language of the source. */
    UNTRANSLATED("it is still in the language of the source"),
    /** Markup, an address, a code or a name is missing, or there too often. */
    NOT_VERBATIM("something that must stay as it is did not"),
    /** The model did not come to an end. */
    CUT_OFF("it is cut off"),
    /** It has other numbers. */
    NUMBERS("its numbers are others"),
    /** A term of the glossary is missing. */
    TERM_MISSED("a term of the glossary is missing");

    private final String words;

    Problem(String words) {
      this.words = words;
    }

    /** For a person. */
    String words() {
      return words;
    }

    /** Whether the source says more to a reader than such a translation. */
    boolean fatal() {
      return compareTo(CUT_OFF) <= 0;
    }
  }

  /**
   * What is wrong with a translation.
   *
   * @param stillSource how likely a text is in the language of the source rather than the target
   */
  static Set<Problem> problems(
      String source,
      String translation,
      boolean finished,
      List<Verbatim.Span> spans,
      List<Glossary.Found> terms,
      ToDoubleFunction<String> stillSource) {
    Set<Problem> problems = EnumSet.noneOf(Problem.class);
    if (translation.isBlank()) {
      problems.add(Problem.EMPTY);
      return problems;
    }
    if (Repetition.loops(translation, source)) {
      problems.add(Problem.LOOPING);
    }
    if (translation.length() > 40 + 3 * source.length()
        || (source.length() >= 40 && 5 * translation.length() < source.length())) {
      problems.add(Problem.LENGTH);
    }
    if (!finished) {
      problems.add(Problem.CUT_OFF);
    }
    if (isUntranslated(source, translation, spans, stillSource)) {
      problems.add(Problem.UNTRANSLATED);
    }
    if (!lost(source, translation, spans).isEmpty()) {
      problems.add(Problem.NOT_VERBATIM);
    }
    if (!sameNumbers(source, translation, spans)) {
      problems.add(Problem.NUMBERS);
    }
    if (terms.stream().anyMatch(term -> !term.isIn(translation))) {
      problems.add(Problem.TERM_MISSED);
    }
    return problems;
  }

  /** Those that a translation does not have as often as the source has them. */
  static List<Verbatim.Span> lost(String source, String translation, List<Verbatim.Span> spans) {
    return spans.stream()
        .filter(
            span -> Verbatim.count(source, span.text()) != Verbatim.count(translation, span.text()))
        .toList();
  }

  private static boolean isUntranslated(
      String source,
      String translation,
      List<Verbatim.Span> spans,
      ToDoubleFunction<String> stillSource) {
    String said = without(source, spans);
    String now = without(translation, spans);
    boolean same = words(said).equals(words(now));
    if (same) {
      // Names and titles are the same in both languages; a sentence is not.
      return words(said).stream().filter(Checks::isSmall).count() >= 3;
    }
    return now.codePoints().filter(Character::isLetter).count() >= LETTERS_THAT_TELL
        && stillSource.applyAsDouble(now) > SURE;
  }

  private static boolean isSmall(String word) {
    return Character.isLowerCase(word.codePointAt(0));
  }

  static String without(String text, List<Verbatim.Span> spans) {
    String left = text;
    for (Verbatim.Span span : spans) {
      left = left.replace(span.text(), " ");
    }
    return left;
  }

  private static List<String> words(String text) {
    return WORDS.splitAsStream(text).filter(word -> !word.isEmpty()).toList();
  }

  /** Whether both have the same numbers, however they are written. */
  static boolean sameNumbers(String source, String translation, List<Verbatim.Span> spans) {
    return missing(source, translation, spans).isEmpty()
        && missing(translation, source, spans).isEmpty();
  }

  /** The numbers of one text that the other lacks, but for small ones. */
  static List<String> missing(String text, String other, List<Verbatim.Span> spans) {
    Map<String, Integer> there = new HashMap<>();
    for (String number : numbers(without(other, spans))) {
      there.merge(digits(number), 1, Integer::sum);
    }
    List<String> missing = new ArrayList<>();
    for (String number : numbers(without(text, spans))) {
      String digits = digits(number);
      int left = there.getOrDefault(digits, 0);
      if (left > 0) {
        there.put(digits, left - 1);
      } else if (digits.length() > 2 || Integer.parseInt(digits) > SPELLED_OUT) {
        missing.add(number);
      }
    }
    return missing;
  }

  private static List<String> numbers(String text) {
    return NUMBER.matcher(text).results().map(result -> result.group()).toList();
  }

  /** Without what groups them; a whole number's decimals, if they are zeros, do not count. */
  private static String digits(String number) {
    String digits = NOT_DIGITS.matcher(number.replaceFirst("[.,]0{1,2}$", "")).replaceAll("");
    return digits.replaceFirst("^0+(?=\\d)", "");
  }
}
