package dev.dragoman.operators.text;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Finds e-mail addresses with a dotted domain (RFC 5321 without quoted local parts and address
 * literals; letters of any script, RFC 6531).
 */
final class Emails implements PiiRule {
  /** What follows the dot in file names such as {@code logo@2x.png}, none of them a domain. */
  private static final Set<String> FILES =
      Set.of("png", "jpg", "jpeg", "gif", "svg", "webp", "pdf", "css", "js", "html", "json", "txt");

  @Override
  public void find(String text, List<Pii> found) {
    int from = 0;
    for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
      int start = at;
      while (start > from && at - start < 64 && local(text.charAt(start - 1))) {
        start--;
      }
      while (start < at && !opens(text.charAt(start))) {
        start++;
      }
      int end = domainEnd(text, at + 1);
      if (start < at && end > 0 && text.charAt(at - 1) != '.') {
        String value = text.substring(start, end).toLowerCase(Locale.ROOT);
        found.add(new Pii(PiiKind.EMAIL, start, end, value, 0.98));
        from = end;
      }
    }
  }

  private static boolean local(char c) {
    return Character.isLetterOrDigit(c) || "._%+-'&~!#$*^`{|}".indexOf(c) >= 0;
  }

  private static boolean opens(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '+';
  }

  /** The end of the longest domain name that starts here, or -1. */
  private static int domainEnd(String text, int start) {
    int best = -1;
    int label = start;
    int limit = Math.min(text.length(), start + 253);
    for (int i = start; i <= limit; i++) {
      char c = i < text.length() ? text.charAt(i) : ' ';
      if (Character.isLetterOrDigit(c) || c == '-') {
        continue;
      }
      if (i == label || text.charAt(label) == '-') {
        return best;
      }
      if (label > start && topLevel(text, label, i)) {
        best = i;
      }
      if (c != '.') {
        return best;
      }
      label = i + 1;
    }
    return best;
  }

  private static boolean topLevel(String text, int start, int end) {
    String name = text.substring(start, end).toLowerCase(Locale.ROOT);
    return name.length() >= 2
        && name.length() <= 24
        && (name.startsWith("xn--") || name.chars().allMatch(Character::isLetter))
        && !FILES.contains(name);
  }
}
