package dev.dragoman.models.template;

/**
 * Looks for a piece of text in time proportional to the text, whatever the two are: from one place
 * that starts alike to the next, and, where too many of them only start alike, as Knuth, Morris and
 * Pratt do it (SIAM J. Comput. 6, 1977).
 */
final class Finder {
  /** How many characters may be compared in vain for each one of the text. */
  private static final int PATIENCE = 4;

  /** The cost of a character here, next to that of one that is copied. */
  private static final int WORK = 8;

  private final String part;
  private final Budget budget;
  private int[] fallback = {};

  Finder(String part, Budget budget) {
    this.part = part;
    this.budget = budget;
  }

  /** Where the piece is next, from a position on, or -1. */
  int next(String text, int from) {
    int found = part.isEmpty() ? text.indexOf(part, from) : hop(text, from);
    int end = found < 0 ? text.length() : found + part.length();
    budget.scan((long) Math.max(end - from, 0) * WORK);
    return found;
  }

  private int hop(String text, int from) {
    char first = part.charAt(0);
    long vain = 0;
    int at = text.indexOf(first, from);
    while (at >= 0) {
      int same = 1;
      while (same < part.length()
          && at + same < text.length()
          && text.charAt(at + same) == part.charAt(same)) {
        same++;
      }
      if (same == part.length()) {
        return at;
      }
      vain += same;
      at++;
      if (vain > (long) PATIENCE * (at - from) + part.length()) {
        return search(text, at);
      }
      at = text.indexOf(first, at);
    }
    return -1;
  }

  private int search(String text, int from) {
    if (fallback.length == 0) {
      prepare();
    }
    int matched = 0;
    for (int i = from; i < text.length(); i++) {
      matched = extend(matched, text.charAt(i));
      if (matched == part.length()) {
        return i + 1 - matched;
      }
    }
    return -1;
  }

  private void prepare() {
    budget.items(part.length());
    fallback = new int[part.length()];
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
}
