package dev.dragoman.operators.translate;

import dev.dragoman.operators.text.Sentences;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of a text is to be translated, sentence by sentence; all else (blanks, line breaks, list
 * marks, marks of quoted mail, table rules, code between fences) stays where it is. A line break
 * inside a sentence that only keeps lines short is part of the sentence; one that ends an address
 * line or a greeting is not.
 */
final class Layout {
  private static final Pattern FENCE = Pattern.compile("\\s{0,3}(?:```|~~~).*");

  /** Quote marks, then the mark of a list item or heading, then a tick box. */
  private static final Pattern PREFIX =
      Pattern.compile(
          "\\s*(?:>\\s*)*(?<item>(?:[-*+\\u2022\\u2013\\u25cf]|\\(?\\d{1,3}[.)]|\\(?[a-z]\\)|#{1,6})\\s+)?"
              + "(?:\\[[ xX]\\]\\s+)?");

  private static final Pattern CELL_BORDER =
      Pattern.compile(
          "(?i)\\t+|[ \\u00a0]{3,}|\\s*\\|\\s*"
              + "|(?:\\s*</?(?:p|br|hr|li|ul|ol|dl|dt|dd|div|tr|td|th|thead|tbody|table|h[1-6]|body"
              + "|html|head|title|section|article|blockquote)\\b[^<>]{0,300}>\\s*)+");

  /** Shorter lines are not wrapped, whatever follows. */
  private static final int LEAST_WRAPPED = 40;

  private static final int LINES_LOOKED_AT = 20;

  private Layout() {}

  /**
   * A sentence.
   *
   * @param start UTF-16 offset in the text
   * @param end after its last character
   * @param text on one line
   * @param breaks where its line was broken, in order
   */
  record Unit(int start, int end, String text, List<Break> breaks) {
    /** Where in the text an offset of the sentence is. */
    int offset(int inSentence) {
      int offset = start + inSentence;
      for (Break each : breaks) {
        offset += each.at < inSentence ? each.text.length() - 1 : 0;
      }
      return offset;
    }
  }

  /**
   * A line break inside a sentence.
   *
   * @param at the offset of the blank that stands for it in the sentence
   * @param text what stands there in the text
   */
  record Break(int at, String text) {}

  /** A line's content, or a cell of it. */
  private record Stretch(int start, int end, boolean whole, boolean item) {}

  /**
   * The sentences of a text in order.
   *
   * @param language ISO 639-1, or empty
   */
  static List<Unit> units(String text, String language) {
    List<Unit> units = new ArrayList<>();
    List<Stretch> paragraph = new ArrayList<>();
    boolean fenced = false;
    for (int line = 0; line < text.length(); ) {
      int end = lineEnd(text, line);
      boolean fence = FENCE.matcher(text).region(line, end).matches();
      List<Stretch> cells = fence || fenced ? List.of() : cells(text, line, end);
      boolean goesOn =
          cells.size() == 1
              && cells.getFirst().whole
              && !cells.getFirst().item
              && !paragraph.isEmpty()
              && isWrapped(text, paragraph, cells.getFirst());
      if (!goesOn) {
        addSentences(text, paragraph, language, units);
        paragraph.clear();
      }
      for (Stretch cell : cells) {
        paragraph.add(cell);
        if (!cell.whole) {
          addSentences(text, paragraph, language, units);
          paragraph.clear();
        }
      }
      fenced ^= fence;
      line = end + 1;
    }
    addSentences(text, paragraph, language, units);
    return units;
  }

  /** The text with its sentences replaced. */
  static String replaced(String text, List<Unit> units, List<String> by) {
    StringBuilder out = new StringBuilder(text.length() + text.length() / 4);
    int copied = 0;
    for (int i = 0; i < units.size(); i++) {
      Unit unit = units.get(i);
      out.append(text, copied, unit.start).append(broken(by.get(i), unit.breaks));
      copied = unit.end;
    }
    return out.append(text, copied, text.length()).toString();
  }

  /** A sentence broken into as many lines of like length, at blanks. */
  private static String broken(String sentence, List<Break> breaks) {
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (int i = 0; i < breaks.size(); i++) {
      int ideal = (int) ((long) sentence.length() * (i + 1) / (breaks.size() + 1));
      int before = sentence.lastIndexOf(' ', ideal);
      int after = sentence.indexOf(' ', ideal);
      int at = before < from || (after >= 0 && after - ideal < ideal - before) ? after : before;
      if (at >= from && at > 0) {
        out.append(sentence, from, at).append(breaks.get(i).text);
        from = at + 1;
      }
    }
    return out.append(sentence, from, sentence.length()).toString();
  }

  private static int lineEnd(String text, int from) {
    int at = from;
    while (at < text.length() && !isLineBreak(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isLineBreak(char c) {
    return c == '\n' || c == '\r' || c == '\f' || c == '\u0085' || c == '\u2028' || c == '\u2029';
  }

  private static List<Stretch> cells(String text, int line, int end) {
    Matcher prefix = PREFIX.matcher(text).region(line, end);
    int from = prefix.lookingAt() ? prefix.end() : line;
    boolean item = prefix.hasMatch() && prefix.group("item") != null;
    int to = Sentences.trimmedEnd(text, from, end);
    if (from >= to) {
      return List.of();
    }
    List<Stretch> cells = new ArrayList<>();
    Matcher border = CELL_BORDER.matcher(text).region(from, to);
    int start = from;
    while (border.find()) {
      add(text, start, border.start(), cells);
      start = border.end();
    }
    if (start == from) {
      return List.of(new Stretch(from, to, true, item));
    }
    add(text, start, to, cells);
    return cells;
  }

  private static void add(String text, int start, int end, List<Stretch> cells) {
    int from = Sentences.trimmedStart(text, start, end);
    int to = Sentences.trimmedEnd(text, from, end);
    if (from < to) {
      cells.add(new Stretch(from, to, false, false));
    }
  }

  /**
   * Whether the last line was broken only because the first word of the next would not have fitted,
   * or goes on in the middle of a sentence.
   */
  private static boolean isWrapped(String text, List<Stretch> paragraph, Stretch next) {
    Stretch last = paragraph.getLast();
    // A blank line, or one with nothing but marks, lies between.
    long lineBreaks =
        text.substring(last.end, next.start)
            .replace("\r\n", "\n")
            .chars()
            .filter(c -> isLineBreak((char) c))
            .count();
    if (lineBreaks != 1) {
      return false;
    }
    int length = last.end - last.start;
    int word = next.start;
    while (word < next.end && !Sentences.isBlank(text.charAt(word))) {
      word++;
    }
    int longest = next.end - next.start;
    int lines = paragraph.size();
    for (Stretch line : paragraph.subList(Math.max(0, lines - LINES_LOOKED_AT), lines)) {
      longest = Math.max(longest, line.end - line.start);
    }
    if (longest < LEAST_WRAPPED) {
      return false;
    }
    boolean full = length + 1 + word - next.start > longest;
    boolean midSentence =
        2 * length > longest
            && Character.isLowerCase(text.charAt(next.start))
            && (Character.isLetterOrDigit(text.charAt(last.end - 1))
                || ",;-".indexOf(text.charAt(last.end - 1)) >= 0);
    return full || midSentence;
  }

  private static void addSentences(
      String text, List<Stretch> paragraph, String language, List<Unit> units) {
    if (paragraph.isEmpty()) {
      return;
    }
    StringBuilder flat = new StringBuilder();
    int[] starts = new int[paragraph.size()];
    for (int i = 0; i < starts.length; i++) {
      if (i > 0) {
        flat.append(' ');
      }
      starts[i] = flat.length();
      flat.append(text, paragraph.get(i).start, paragraph.get(i).end);
    }
    for (Sentences.Span sentence : Sentences.of(flat.toString(), language)) {
      int first = line(starts, sentence.start());
      int last = line(starts, sentence.end() - 1);
      int start = paragraph.get(first).start + sentence.start() - starts[first];
      int end = paragraph.get(last).start + sentence.end() - starts[last];
      List<Break> breaks = new ArrayList<>();
      for (int i = first; i < last; i++) {
        breaks.add(
            new Break(
                starts[i + 1] - 1 - sentence.start(),
                text.substring(paragraph.get(i).end, paragraph.get(i + 1).start)));
      }
      String said = flat.substring(sentence.start(), sentence.end());
      if (said.codePoints().anyMatch(Character::isLetter)) {
        units.add(new Unit(start, end, said, List.copyOf(breaks)));
      }
    }
  }

  private static int line(int[] starts, int at) {
    int line = starts.length - 1;
    while (starts[line] > at) {
      line--;
    }
    return line;
  }
}
