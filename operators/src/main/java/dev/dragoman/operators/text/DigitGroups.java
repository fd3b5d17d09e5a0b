package dev.dragoman.operators.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Digits written in groups with one separator between: {@code 4111 1111 1111 1111}.
 *
 * @param starts where each group starts
 * @param ends where it ends
 * @param separators what stands before each group; 0 before the first
 */
record DigitGroups(
    String text, List<Integer> starts, List<Integer> ends, List<Character> separators) {
  /** The longest rows of groups in a text; none begins or ends within a word. */
  static List<DigitGroups> in(String text) {
    List<DigitGroups> rows = new ArrayList<>();
    int i = 0;
    while (i < text.length()) {
      if (!digit(text, i)) {
        i++;
        continue;
      }
      DigitGroups row =
          new DigitGroups(text, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      char separator = 0;
      boolean more = true;
      while (more) {
        int start = i;
        while (digit(text, i)) {
          i++;
        }
        row.starts.add(start);
        row.ends.add(i);
        row.separators.add(separator);
        more =
            i + 1 < text.length()
                && " -.\u00A0\u202F".indexOf(text.charAt(i)) >= 0
                && digit(text, i + 1);
        if (more) {
          separator = text.charAt(i);
          i++;
        }
      }
      rows.add(row);
    }
    return rows;
  }

  private static boolean digit(String text, int i) {
    return i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9';
  }

  int count() {
    return starts.size();
  }

  int size(int group) {
    return ends.get(group) - starts.get(group);
  }

  /** The digits of the groups from {@code first} up to and without {@code end}. */
  String digits(int first, int end) {
    StringBuilder digits = new StringBuilder();
    for (int g = first; g < end; g++) {
      digits.append(text, starts.get(g), ends.get(g));
    }
    return digits.toString();
  }

  /**
   * Whether these groups stand by themselves: one kind of separator within, and beside them no
   * letter, no decimal sign and no more groups but such as follow after a blank.
   */
  boolean standAlone(int first, int end) {
    for (int g = first + 2; g < end; g++) {
      if (!separators.get(g).equals(separators.get(first + 1))) {
        return false;
      }
    }
    return edge(starts.get(first) - 1, -1) && edge(ends.get(end - 1), 1);
  }

  private boolean edge(int at, int outward) {
    if (at < 0 || at >= text.length()) {
      return true;
    }
    char c = text.charAt(at);
    if (Character.isLetterOrDigit(c) || c == '_') {
      return false;
    }
    int beyond = at + outward;
    boolean joins = ".,-/:+".indexOf(c) >= 0 && beyond >= 0 && beyond < text.length();
    return !(joins && Character.isDigit(text.charAt(beyond)));
  }
}
