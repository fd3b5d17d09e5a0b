package dev.dragoman.connectors.files;

import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;

/**
 * What stands between the values of a table, judged by its header.
 *
 * @param found the one of {@code , ; tab |} that is there most often outside quotes
 * @param rest the table from its beginning
 */
record Delimiter(char found, Reader rest) {
  private static final int LONGEST_HEADER = 1 << 16;
  private static final String CANDIDATES = ",;\t|";

  static Delimiter sniff(Reader in) throws IOException {
    PushbackReader pushback = new PushbackReader(in, LONGEST_HEADER);
    char[] start = new char[LONGEST_HEADER];
    int length = 0;
    for (int n = 0; n >= 0 && length < start.length; length += Math.max(0, n)) {
      n = pushback.read(start, length, start.length - length);
    }
    int[] counts = new int[CANDIDATES.length()];
    boolean quoted = false;
    for (int i = 0; i < length; i++) {
      char c = start[i];
      if (c == '"') {
        quoted = !quoted;
      } else if ((c == '\n' || c == '\r') && !quoted) {
        break;
      } else if (!quoted && CANDIDATES.indexOf(c) >= 0) {
        counts[CANDIDATES.indexOf(c)]++;
      }
    }
    pushback.unread(start, 0, length);
    int best = 0;
    for (int i = 1; i < counts.length; i++) {
      if (counts[i] > counts[best]) {
        best = i;
      }
    }
    return new Delimiter(CANDIDATES.charAt(best), pushback);
  }
}
