package dev.dragoman.multimodal.read;

/**
 * Puts running text together from blocks: one blank line at most between them, no space at the ends
 * of lines.
 */
final class TextBuilder {
  private final StringBuilder text = new StringBuilder();
  private final int limit;
  private int newlines;
  private boolean gap;
  private boolean full;

  /** Takes at most {@code limit} characters. */
  TextBuilder(int limit) {
    this.limit = limit;
  }

  /** The next text begins a paragraph. */
  void paragraph() {
    newlines = 2;
  }

  /** The next text begins a line. */
  void line() {
    newlines = Math.max(newlines, 1);
  }

  /** The next text begins a cell of a table. */
  void cell() {
    if (newlines == 0 && !text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
      trim();
      put('\t');
    }
    gap = false;
  }

  /** Text whose own line breaks count. */
  void verbatim(CharSequence more) {
    for (int i = 0; i < more.length() && !full; i++) {
      char c = more.charAt(i);
      if (c == '\n' || c == '\r') {
        if (c == '\n' || i + 1 >= more.length() || more.charAt(i + 1) != '\n') {
          newlines = Math.min(2, newlines + 1);
        }
      } else if (c == '\t') {
        begin();
        put(c);
      } else if (Character.isWhitespace(c) || c == '\u00a0') {
        if (newlines > 0) {
          begin();
        }
        put(' ');
      } else {
        begin();
        put(c);
      }
    }
  }

  /** Text in which any run of white space is one space. */
  void flowing(CharSequence more) {
    for (int i = 0; i < more.length() && !full; i++) {
      char c = more.charAt(i);
      if (Character.isWhitespace(c) || c == '\u00a0') {
        gap = true;
      } else {
        begin();
        put(c);
      }
    }
  }

  private void begin() {
    if (newlines > 0) {
      trim();
      if (!text.isEmpty()) {
        text.append("\n\n", 0, newlines);
      }
    } else if (gap && !text.isEmpty() && !Character.isWhitespace(text.charAt(text.length() - 1))) {
      put(' ');
    }
    newlines = 0;
    gap = false;
  }

  private void put(char c) {
    if (text.length() >= limit) {
      full = true;
    } else if (c >= ' ' || c == '\t') {
      text.append(c);
    }
  }

  private void trim() {
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == '\t')) {
      end--;
    }
    text.setLength(end);
  }

  /** Whether something had to be left out. */
  boolean full() {
    return full;
  }

  @Override
  public String toString() {
    return text.toString().strip();
  }
}
