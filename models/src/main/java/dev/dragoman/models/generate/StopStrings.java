package dev.dragoman.models.generate;

import java.util.List;

/**
 * Lets a text through as it comes, up to the first stop string. What might be the beginning of one
 * is held back until it is known.
 */
final class StopStrings {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean stopped;

  StopStrings(List<String> stops) {
    this.stops = stops;
  }

  /** Takes some more text, and gives what is certain to come before any stop string. */
  String take(String text) {
    if (stopped) {
      return "";
    }
    if (stops.isEmpty()) {
      return text;
    }
    held.append(text);
    int first = -1;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      if (at >= 0 && (first < 0 || at < first)) {
        first = at;
      }
    }
    if (first >= 0) {
      stopped = true;
      return give(first);
    }
    return give(held.length() - longestBeginning());
  }

  /** What was held back, if no stop string came of it. */
  String finish() {
    return stopped ? "" : give(held.length());
  }

  boolean stopped() {
    return stopped;
  }

  private String give(int length) {
    String text = held.substring(0, length);
    held.delete(0, length);
    return text;
  }

  /** How much of the end of the held text a stop string may begin with. */
  private int longestBeginning() {
    int longest = 0;
    for (String stop : stops) {
      for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
        if (endsWith(stop, length)) {
          longest = length;
        }
      }
    }
    return longest;
  }

  private boolean endsWith(String stop, int length) {
    int at = held.length() - length;
    for (int i = 0; i < length; i++) {
      if (held.charAt(at + i) != stop.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
