package dev.dragoman.operators.translate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds what a translation has to carry over as it is: tags and marks, web and mail addresses,
 * placeholders of templates, codes, file names, and names the user gives.
 */
final class Verbatim {
  private static final Pattern MARKUP =
      Pattern.compile(
          "</?[A-Za-z][^<>\\n]{0,500}>|<!--.{0,2000}?-->" // tags
              + "|!?\\[(?=[^\\]\\[\\n]{1,300}\\]\\()|\\]\\([^()\\s]{1,500}\\)" // links of Markdown
              + "|\\*\\*\\*?|~~|(?<!\\w)__(?=\\S)|(?<=\\S)__(?!\\w)"
              + "|(?<![\\w*])\\*(?=[^\\s*])|(?<=[^\\s*])\\*(?![\\w*])"
              + "|(?<!\\w)_(?=[^\\s_])|(?<=[^\\s_])_(?!\\w)");

  private static final List<String> OPAQUE =
      List.of(
          "`[^`\\n]+`",
          "(?:https?://|ftp://|mailto:)[^\\s<>\"'\\]]*[^\\s<>\"'\\].,;:!?)]",
          "www\\.[^\\s<>\"'\\]]*[^\\s<>\"'\\].,;:!?)]",
          "(?<![\\w.+-])[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,8}",
          "\\{\\{[^{}\\n]+\\}\\}|\\$\\{[^{}\\n]+\\}|\\{[\\w.:,]*\\}|<%=?[^%]{1,300}%>",
          "%\\(\\w+\\)[sdif]|%(?:\\d+\\$)?[-+#0]?\\d*(?:\\.\\d+)?[sdifxgc](?!\\w)",
          "\\[[A-Z][A-Z0-9_]{1,30}\\]",
          "&(?:[A-Za-z]{2,8}|#\\d{1,6});",
          // Bank accounts, phone and card numbers, network addresses.
          "\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\\b",
          "(?<!\\w)\\+\\d{1,3}(?:[ .-]?\\(?\\d{1,4}\\)?){2,6}(?!\\w)",
          "\\b\\d{2,}(?:-\\d+)+\\b|\\b\\d{1,3}(?:\\.\\d{1,3}){3}\\b|\\b\\d(?:\\.\\d+){2,3}\\b",
          // File names and codes of letters and digits.
          "(?<![\\w/-])[\\w-]{1,100}\\.(?i:pdf|docx?|xlsx?|pptx?|csv|txt|png|jpe?g|gif|zip|json|xml|html?|exe|eml)\\b",
          "(?<![\\w#])[#@][A-Za-z_][\\w-]+|(?<!\\w)#\\d+\\b",
          "(?<!\\w)(?=[\\w/-]{0,60}\\d)(?=[\\w/-]{0,60}[A-Z])[A-Za-z0-9]+(?:[-_/][A-Za-z0-9]+)*(?!\\w)",
          "(?<!\\w)[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+(?!\\w)");

  private final Pattern opaque;

  /**
   * Finds these names too.
   *
   * @param names as whole words, in this very spelling
   */
  Verbatim(Collection<String> names) {
    String wanted =
        names.stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(name -> "(?<![\\p{L}\\p{N}])" + Pattern.quote(name) + "(?![\\p{L}\\p{N}])")
            .collect(Collectors.joining("|"));
    opaque = Pattern.compile((wanted.isEmpty() ? "" : wanted + "|") + String.join("|", OPAQUE));
  }

  /**
   * What is carried over.
   *
   * @param markup whether it says how the text around it looks, rather than something itself
   */
  record Span(int start, int end, String text, boolean markup) {}

  /** What is to be carried over, in order; no two overlap. */
  List<Span> spans(String text) {
    List<Span> spans = new ArrayList<>();
    Matcher thing = opaque.matcher(text);
    while (thing.find()) {
      spans.add(new Span(thing.start(), thing.end(), thing.group(), false));
    }
    Matcher mark = MARKUP.matcher(text);
    while (mark.find()) {
      Span span = new Span(mark.start(), mark.end(), mark.group(), true);
      // An address inside a tag goes with the tag; a mark inside code goes with the code.
      spans.removeIf(other -> span.start <= other.start && other.end <= span.end);
      if (spans.stream().noneMatch(other -> other.start < span.end && span.start < other.end)) {
        spans.add(span);
      }
    }
    spans.sort(Comparator.comparingInt(Span::start));
    return spans;
  }

  /** How often a text has this. */
  static int count(String text, String wanted) {
    int count = 0;
    for (int at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length())) {
      count++;
    }
    return count;
  }
}
