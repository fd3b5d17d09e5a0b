package dev.dragoman.connectors.files;

import java.io.IOException;
import java.io.Reader;

/**
 * Reads lines of bounded length; of a longer one the beginning is kept and the rest passed over.
 */
final class LineReader {
  private final Reader in;
  private final int limit;
  private final char[] buffer = new char[1 << 14];
  private final StringBuilder line = new StringBuilder();
  private int at;
  private int end;
  private long number;
  private boolean tooLong;

  LineReader(Reader in, int limit) {
    this.in = in;
    this.limit = limit;
  }

  /** Goes to the next line; false after the last. */
  boolean next() throws IOException {
    line.setLength(0);
    tooLong = false;
    boolean any = false;
    while (true) {
      if (at == end) {
        at = 0;
        end = Math.max(0, in.read(buffer));
        if (end == 0) {
          number += any ? 1 : 0;
          return any;
        }
      }
      any = true;
      int from = at;
      while (at < end && buffer[at] != '\n') {
        at++;
      }
      int n = at - from;
      if (line.length() + n > limit) {
        n = limit - line.length();
        tooLong = true;
      }
      line.append(buffer, from, n);
      if (at < end) {
        at++;
        number++;
        return true;
      }
    }
  }

  /** The line without its end. */
  String line() {
    int length = line.length();
    return length > 0 && line.charAt(length - 1) == '\r'
        ? line.substring(0, length - 1)
        : line.toString();
  }

  /** Its number, from 1. */
  long number() {
    return number;
  }

  /** Whether it was longer than allowed. */
  boolean tooLong() {
    return tooLong;
  }
}
