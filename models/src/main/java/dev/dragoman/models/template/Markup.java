package dev.dragoman.models.template;

import dev.dragoman.models.template.Value.Str;

/** Text that is marked as safe HTML. */
final class Markup {
  private Markup() {}

  /** The text, escaped if it is not marked as safe. */
  static String escape(Str text, Budget budget) {
    return text.markup() ? text.text() : escape(text.text(), budget);
  }

  static String escape(String text, Budget budget) {
    budget.scan(text.length());
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&#34;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    budget.chars(out.length());
    return out.toString();
  }
}
