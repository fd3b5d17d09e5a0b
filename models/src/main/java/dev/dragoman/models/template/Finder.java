package dev.dragoman.models.template;

/**
 * Looks for a piece of text in time proportional to the text, whatever the two are: short pieces
 * with the JDK's search, long ones with that of Knuth, Morris and Pratt (SIAM J. Comput. 6, 1977).
 */
final class Finder {
  private static final int SHORT = 32;

  private final String part;
  private final Budget budget;
  private final int[] fallback;

  Finder(String part, Budget budget) {
    this.part = part;
    this.budget = budget;
    fallback = new int[part.length() > SHORT ? part.length() : 0];
    budget.items(fallback.length);
    for (int i = 1, matched = 0; i < fallback.length; i++) {
      matched = extend(matched, part.charAt(i));
      fallback[i] = matched;
    }
  }

  private int extend(int matched, char c) {
    int length = matched;
    while (length > 0 && part.charAt(length) != c) {
      length = fallback[length - 1];
    }
    return part.charAt(length) == c ? length + 1 : length;
  }

  /** Where the piece is next, from a position on, or -1. */
  int next(String text, int from) {
    int found = fallback.length == 0 ? text.indexOf(part, from) : search(text, from);
    int end = found < 0 ? text.length() : found;
    budget.scan((long) Math.max(end - from, 0) * Math.min(part.length(), SHORT) / 4);
    return found;
  }

  private int search(String text, int from) {
    int matched = 0;
    for (int i = from; i < text.length(); i++) {
      matched = extend(matched, text.charAt(i));
      if (matched == part.length()) {
        return i + 1 - matched;
      }
    }
    return -1;
  }
}
