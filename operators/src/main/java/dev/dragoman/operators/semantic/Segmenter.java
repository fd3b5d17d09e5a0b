package dev.dragoman.operators.semantic;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Cuts text into sentences, and knows which of them are headings and where paragraphs start. Reads
 * Markdown headings, lists and code fences, and takes a short line between blank lines, above a
 * longer paragraph, for a heading in plain text.
 */
final class Segmenter {
  private static final Pattern MARKDOWN_HEADING = Pattern.compile(" {0,3}#{1,6}(?:\\s.*|$)");
  private static final Pattern UNDERLINE = Pattern.compile(" {0,3}(?:=+|-+)\\s*");
  private static final Pattern LIST_ITEM =
      Pattern.compile("\\s*(?:[-*+\\u2022\\u2013]|\\d{1,3}[.)])\\s+\\S.*");
  private static final Pattern FENCE = Pattern.compile(" {0,3}(?:```|~~~).*");
  private static final int LONGEST_HEADING = 80;
  private static final int LONGEST_UNDERLINED = 120;

  /**
   * After these a full stop does not end a sentence; English, Dutch, German, French, Portuguese.
   */
  private static final Set<String> ABBREVIATIONS =
      Set.of(
          "mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "vs", "no", "nr", "fig", "vol", "p",
          "pp", "approx", "dept", "e.g", "i.e", "cf", "al", "inc", "ltd", "u.s", "u.k", "dhr",
          "mevr", "mw", "ir", "ing", "drs", "bijv", "bv", "b.v", "n.v", "o.a", "d.w.z", "m.b.t",
          "i.v.m", "t.a.v", "t.o.v", "z.o.z", "blz", "art", "tel", "afd", "incl", "excl", "ca",
          "hr", "fr", "z.b", "d.h", "u.a", "bzw", "evtl", "str", "m", "mme", "mlle", "p.ex", "sra",
          "exmo", "exma", "dra", "av", "jan", "feb", "mrt", "apr", "aug", "sep", "sept", "okt",
          "oct", "nov", "dec");

  private Segmenter() {}

  /** What stands before a segment. */
  enum Boundary {
    SENTENCE,
    PARAGRAPH,
    HEADING
  }

  /**
   * A sentence without the blanks around it.
   *
   * @param before what separates it from the one before; {@code HEADING} on a heading itself and
   *     {@code PARAGRAPH} on what follows it
   * @param heading whether it is one
   */
  record Segment(int start, int end, Boundary before, boolean heading) {}

  private record Block(int start, int end, int lines, boolean heading, boolean listItem) {
    int length() {
      return end - start;
    }
  }

  /**
   * The sentences of a text, in order; together they hold all that is not blank.
   *
   * @param language ISO 639-1, or empty
   */
  static List<Segment> segments(String text, String language) {
    List<Block> blocks = blocks(text);
    List<Segment> segments = new ArrayList<>();
    BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.of(language));
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      if (block.heading || isPlainHeading(text, blocks, i)) {
        segments.add(new Segment(block.start, block.end, Boundary.HEADING, true));
      } else {
        addSentences(text, block, sentences, segments);
      }
    }
    return segments;
  }

  private static List<Block> blocks(String text) {
    List<Block> blocks = new ArrayList<>();
    int start = -1;
    int end = -1;
    int lines = 0;
    boolean fenced = false;
    boolean item = false;
    for (int line = 0; line < text.length(); ) {
      int lineEnd = lineEnd(text, line);
      int next = afterLineBreak(text, lineEnd);
      String content = text.substring(line, lineEnd);
      int from = trimmedStart(text, line, lineEnd);
      boolean blank = from == lineEnd;
      boolean fence = FENCE.matcher(content).matches();
      boolean single = false;
      if (!fenced) {
        boolean underline =
            lines == 1
                && !item
                && end - start <= LONGEST_UNDERLINED
                && UNDERLINE.matcher(content).matches();
        if (underline) {
          blocks.add(new Block(start, trimmedEnd(text, line, lineEnd), 2, true, false));
          start = -1;
          line = next;
          lines = 0;
          continue;
        }
        boolean listItem = LIST_ITEM.matcher(content).matches();
        single = MARKDOWN_HEADING.matcher(content).matches();
        if (start >= 0 && (blank || single || listItem || fence)) {
          blocks.add(new Block(start, end, lines, false, item));
          start = -1;
          lines = 0;
        }
        if (start < 0) {
          item = listItem;
        }
      }
      if (!blank) {
        if (start < 0) {
          start = from;
        }
        end = trimmedEnd(text, line, lineEnd);
        lines++;
      }
      if (fence) {
        fenced = !fenced;
      }
      if (start >= 0 && (single || (fence && !fenced))) {
        blocks.add(new Block(start, end, lines, single, false));
        start = -1;
        lines = 0;
      }
      line = next;
    }
    if (start >= 0) {
      blocks.add(new Block(start, end, lines, false, item));
    }
    return blocks;
  }

  private static int lineEnd(String text, int from) {
    int at = from;
    while (at < text.length() && !isLineBreak(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static int afterLineBreak(String text, int at) {
    boolean pair = at + 1 < text.length() && text.charAt(at) == '\r' && text.charAt(at + 1) == '\n';
    return pair ? at + 2 : at + 1;
  }

  private static boolean isLineBreak(char c) {
    return c == '\n' || c == '\r' || c == '\f' || c == '\u0085' || c == '\u2028' || c == '\u2029';
  }

  private static boolean isPlainHeading(String text, List<Block> blocks, int i) {
    Block block = blocks.get(i);
    if (block.lines != 1
        || block.listItem
        || block.length() > LONGEST_HEADING
        || i + 1 == blocks.size()) {
      return false;
    }
    Block next = blocks.get(i + 1);
    if (next.listItem || next.length() < 2 * block.length()) {
      return false;
    }
    int first = text.codePointAt(block.start);
    int last = text.codePointBefore(block.end);
    return (Character.isUpperCase(first) || Character.isDigit(first))
        && (Character.isLetterOrDigit(last) || last == ')');
  }

  private static void addSentences(
      String text, Block block, BreakIterator sentences, List<Segment> segments) {
    // A line break inside a paragraph is a blank, not the end of a sentence.
    StringBuilder flat = new StringBuilder(text.substring(block.start, block.end));
    for (int i = 0; i < flat.length(); i++) {
      if (isLineBreak(flat.charAt(i))) {
        flat.setCharAt(i, ' ');
      }
    }
    sentences.setText(flat.toString());
    Boundary before = Boundary.PARAGRAPH;
    int start = 0;
    for (int end = sentences.next(); end != BreakIterator.DONE; end = sentences.next()) {
      if (end < flat.length() && endsWithAbbreviation(flat, start, end)) {
        continue;
      }
      int from = trimmedStart(flat, start, end);
      int to = trimmedEnd(flat, start, end);
      if (from < to) {
        segments.add(new Segment(block.start + from, block.start + to, before, false));
        before = Boundary.SENTENCE;
      }
      start = end;
    }
  }

  private static boolean endsWithAbbreviation(CharSequence text, int start, int end) {
    int stop = trimmedEnd(text, start, end) - 1;
    if (stop <= start || text.charAt(stop) != '.') {
      return false;
    }
    int from = stop;
    while (from > start
        && (Character.isLetter(text.charAt(from - 1)) || text.charAt(from - 1) == '.')) {
      from--;
    }
    String word = text.subSequence(from, stop).toString();
    boolean initial = word.length() == 1 && Character.isUpperCase(word.charAt(0));
    return initial || ABBREVIATIONS.contains(word.toLowerCase(Locale.ROOT));
  }

  static int trimmedStart(CharSequence text, int start, int end) {
    int at = start;
    while (at < end && isBlank(text.charAt(at))) {
      at++;
    }
    return at;
  }

  static int trimmedEnd(CharSequence text, int start, int end) {
    int at = end;
    while (at > start && isBlank(text.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }
}
