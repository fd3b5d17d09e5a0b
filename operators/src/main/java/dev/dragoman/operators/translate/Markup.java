package dev.dragoman.operators.translate;

import dev.dragoman.models.Translation;
import dev.dragoman.operators.text.Sentences;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sentence without its markup, which is put back into the translation where the words went that
 * it stood around: by the model's alignment of tokens. Elements stay nested.
 */
final class Markup {
  private static final Pattern TAG = Pattern.compile("<(/?)([A-Za-z][\\w:-]*)[^<>]*?(/?)>");
  private static final Set<String> INLINE =
      Set.of(
          "a", "abbr", "b", "code", "del", "em", "font", "i", "ins", "mark", "q", "s", "small",
          "span", "strong", "sub", "sup", "u");

  private final StringBuilder plain = new StringBuilder();
  private final List<Element> roots = new ArrayList<>();
  private final List<Element> open = new ArrayList<>();

  /**
   * Takes the markup out of a sentence.
   *
   * @param spans what of it is carried over; only what is markup is taken out
   */
  Markup(String sentence, List<Verbatim.Span> spans) {
    int copied = 0;
    for (Verbatim.Span span : spans) {
      if (span.markup()) {
        plain.append(sentence, copied, span.start());
        copied = span.end();
        take(span.text());
      }
    }
    plain.append(sentence, copied, sentence.length());
  }

  /** Markup around a stretch of the sentence, or at a place in it. */
  private static final class Element {
    private final String name;
    private final String opening;
    private final int start;
    private final List<Element> inner = new ArrayList<>();
    private String closing = "";
    private int end;

    Element(String name, String opening, int at) {
      this.name = name;
      this.opening = opening;
      this.start = at;
      this.end = at;
    }
  }

  /** The sentence without it. */
  String plain() {
    return plain.toString();
  }

  private void take(String text) {
    String name = text;
    boolean opens = true;
    boolean closes = false;
    Matcher tag = TAG.matcher(text);
    if (tag.matches()) {
      String element = tag.group(2).toLowerCase(Locale.ROOT);
      name = "<" + element;
      closes = !tag.group(1).isEmpty();
      opens = !closes && tag.group(3).isEmpty();
      if (!INLINE.contains(element)
          && !plain.isEmpty()
          && plain.charAt(plain.length() - 1) != ' ') {
        plain.append(' ');
      }
    } else if (text.endsWith("[") || text.startsWith("](")) {
      name = "[";
      closes = text.startsWith("](");
    } else if (text.startsWith("<!--")) {
      opens = false;
    } else {
      closes = partner(name) >= 0;
    }
    int partner = closes ? partner(name) : -1;
    if (partner >= 0) {
      Element element = open.get(partner);
      element.closing = text;
      element.end = plain.length();
      open.subList(partner, open.size()).clear();
      return;
    }
    Element element = new Element(name, text, plain.length());
    (open.isEmpty() ? roots : open.getLast().inner).add(element);
    if (opens && !closes) {
      open.add(element);
    }
  }

  private int partner(String name) {
    for (int i = open.size() - 1; i >= 0; i--) {
      if (open.get(i).name.equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** A stretch of the translation. */
  private record Range(int start, int end) {}

  private record Placed(Element element, Range range) {}

  /** The translation of {@link #plain} with the markup in it, each of it once. */
  String putBack(Translation translation) {
    StringBuilder out = new StringBuilder(translation.text().length() + 64);
    write(roots, new Range(0, translation.text().length()), translation, out);
    return out.toString();
  }

  private void write(
      List<Element> elements, Range within, Translation translation, StringBuilder out) {
    List<Placed> placed = new ArrayList<>();
    for (Element element : elements) {
      placed.add(new Placed(element, range(element, translation)));
    }
    placed.sort(Comparator.comparingInt(each -> each.range.start));
    int at = within.start;
    for (Placed each : placed) {
      // Neighbours must not cross: one begins where the other has ended.
      int start = Math.clamp(each.range.start, at, within.end);
      int end = Math.clamp(each.range.end, start, within.end);
      out.append(translation.text(), at, start).append(each.element.opening);
      write(each.element.inner, new Range(start, end), translation, out);
      out.append(each.element.closing);
      at = end;
    }
    out.append(translation.text(), at, within.end);
  }

  /** From the first to the last word that comes from within the element. */
  private Range range(Element element, Translation translation) {
    String text = translation.text();
    if (element.start == 0 && element.end == plain.length()) {
      return new Range(0, text.length());
    }
    int start = text.length();
    int end = -1;
    for (Translation.Piece piece : translation.pieces()) {
      if (piece.sourceStart() < element.end
          && piece.sourceEnd() > element.start
          && piece.start() < piece.end()) {
        start = Math.min(start, piece.start());
        end = Math.max(end, piece.end());
      }
    }
    if (end < 0) {
      int at = place(element.start, translation);
      return new Range(at, at);
    }
    int from = Sentences.trimmedStart(text, start, Math.min(end, text.length()));
    return new Range(from, Sentences.trimmedEnd(text, from, Math.min(end, text.length())));
  }

  /** Before the first word that comes from after this place. */
  private int place(int at, Translation translation) {
    int length = translation.text().length();
    if (at == 0) {
      return 0;
    }
    int place = length;
    for (Translation.Piece piece : translation.pieces()) {
      if (piece.sourceStart() >= at && piece.start() < piece.end() && at < plain.length()) {
        place = Math.min(place, piece.start());
      }
    }
    return Sentences.trimmedStart(translation.text(), place, length);
  }
}
