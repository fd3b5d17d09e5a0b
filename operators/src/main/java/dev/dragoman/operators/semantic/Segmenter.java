package dev.dragoman.operators.semantic;

import dev.dragoman.operators.text.Sentences;
import java.util.ArrayList;
import java.util.List;
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
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      if (block.heading || isPlainHeading(text, blocks, i)) {
        segments.add(new Segment(block.start, block.end, Boundary.HEADING, true));
      } else {
        addSentences(text, block, language, segments);
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
      int from = Sentences.trimmedStart(text, line, lineEnd);
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
          blocks.add(new Block(start, Sentences.trimmedEnd(text, line, lineEnd), 2, true, false));
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
        end = Sentences.trimmedEnd(text, line, lineEnd);
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
      String text, Block block, String language, List<Segment> segments) {
    // A line break inside a paragraph is a blank, not the end of a sentence.
    StringBuilder flat = new StringBuilder(text.substring(block.start, block.end));
    for (int i = 0; i < flat.length(); i++) {
      if (isLineBreak(flat.charAt(i))) {
        flat.setCharAt(i, ' ');
      }
    }
    Boundary before = Boundary.PARAGRAPH;
    for (Sentences.Span sentence : Sentences.of(flat.toString(), language)) {
      int start = block.start + sentence.start();
      segments.add(new Segment(start, block.start + sentence.end(), before, false));
      before = Boundary.SENTENCE;
    }
  }
}
