package dev.dragoman.operators.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Finds the sentences of a paragraph: the boundaries of Unicode's text segmentation (UAX 29) but
 * for those after an abbreviation, an initial or a German ordinal.
 */
public final class Sentences {
  private static final Map<String, Sentences> BY_LANGUAGE = read();
  private static final Sentences ANY = union(BY_LANGUAGE.values());

  private final Set<String> never = new HashSet<>();
  private final Set<String> beforeNumber = new HashSet<>();

  private Sentences() {}

  /** A sentence without the blanks around it: UTF-16 offsets, the end excluded. */
  public record Span(int start, int end) {}

  /**
   * The sentences of a paragraph, in order; together they hold all that is not blank.
   *
   * @param paragraph on one line: line breaks end sentences
   * @param language ISO 639-1, or empty
   */
  public static List<Span> of(String paragraph, String language) {
    Sentences abbreviations = BY_LANGUAGE.getOrDefault(language, ANY);
    BreakIterator boundaries = BreakIterator.getSentenceInstance(Locale.of(language));
    boundaries.setText(paragraph);
    List<Span> sentences = new ArrayList<>();
    int start = 0;
    for (int end = boundaries.next(); end != BreakIterator.DONE; end = boundaries.next()) {
      if (end < paragraph.length() && abbreviations.goOn(paragraph, start, end, language)) {
        continue;
      }
      int from = trimmedStart(paragraph, start, end);
      int to = trimmedEnd(paragraph, start, end);
      if (from < to) {
        sentences.add(new Span(from, to));
      }
      start = end;
    }
    return sentences;
  }

  /** The first character from {@code start} on that is not blank, or {@code end}. */
  public static int trimmedStart(CharSequence text, int start, int end) {
    int at = start;
    while (at < end && isBlank(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** After the last character before {@code end} that is not blank, or {@code start}. */
  public static int trimmedEnd(CharSequence text, int start, int end) {
    int at = end;
    while (at > start && isBlank(text.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  /** Whether it is a blank of any kind, a line break or no-break space too. */
  public static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }

  private boolean goOn(String text, int start, int end, String language) {
    int stop = trimmedEnd(text, start, end) - 1;
    if (stop <= start || text.charAt(stop) != '.') {
      return false;
    }
    int from = stop;
    while (from > start && isPartOfWord(text.charAt(from - 1))) {
      from--;
    }
    String word = text.substring(from, stop);
    boolean digitNext = Character.isDigit(text.charAt(end));
    if (word.isEmpty()) {
      return false;
    }
    if (word.chars().allMatch(Character::isDigit)) {
      return language.equals("de") && word.length() <= 2;
    }
    boolean initial = word.length() == 1 && Character.isUpperCase(word.charAt(0));
    // The first half of "z. B." or "d. h.".
    boolean half =
        word.length() == 1
            && Character.isLetter(text.charAt(end))
            && text.startsWith(".", Math.min(end + 1, text.length()));
    String small = word.toLowerCase(Locale.ROOT);
    return initial || half || never.contains(small) || (digitNext && beforeNumber.contains(small));
  }

  private static boolean isPartOfWord(char c) {
    return Character.isLetterOrDigit(c) || c == '.';
  }

  private static Sentences union(Iterable<Sentences> all) {
    Sentences union = new Sentences();
    for (Sentences each : all) {
      union.never.addAll(each.never);
      union.beforeNumber.addAll(each.beforeNumber);
    }
    // In one language a word is what is an abbreviation in another.
    union.never.removeAll(Set.of("al", "es", "me", "co", "d", "c", "r", "est", "gen"));
    return union;
  }

  private static Map<String, Sentences> read() {
    Map<String, Sentences> all = new HashMap<>();
    try (InputStream in = Sentences.class.getResourceAsStream("abbreviations.txt")) {
      if (in == null) {
        throw new IllegalStateException("the list of abbreviations is missing from the archive");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("#")) {
          continue;
        }
        List<String> words = Arrays.asList(line.split(" "));
        Sentences language = all.computeIfAbsent(words.getFirst(), _ -> new Sentences());
        Set<String> kind = words.get(1).equals("never") ? language.never : language.beforeNumber;
        kind.addAll(words.subList(2, words.size()));
      }
      return Map.copyOf(all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
