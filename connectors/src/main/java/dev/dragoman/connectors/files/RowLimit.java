package dev.dragoman.connectors.files;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** Stops a parser that reads on and on within one row: a quote that is never closed. */
final class RowLimit extends FilterReader {
  private final int limit;
  private long sinceRow;

  /** One row was too long. */
  static final class ExceededException extends IOException {
    private static final long serialVersionUID = 1;

    ExceededException(int limit) {
      super("it is longer than " + limit + " characters");
    }
  }

  RowLimit(Reader in, int limit) {
    super(in);
    this.limit = limit;
  }

  /** A row has been read. */
  void nextRow() {
    sinceRow = 0;
  }

  @Override
  public int read() throws IOException {
    int c = super.read();
    count(1);
    return c;
  }

  @Override
  public int read(char[] buffer, int offset, int length) throws IOException {
    int n = super.read(buffer, offset, length);
    count(n);
    return n;
  }

  private void count(int n) throws ExceededException {
    sinceRow += n;
    if (sinceRow > limit) {
      throw new ExceededException(limit);
    }
  }
}
