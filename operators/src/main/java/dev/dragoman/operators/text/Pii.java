package dev.dragoman.operators.text;

/**
 * A piece of personal data in a text.
 *
 * @param value in a normal form: the same however it was written
 * @param confidence 0 to 1
 */
record Pii(PiiKind kind, int start, int end, String value, double confidence) {
  int length() {
    return end - start;
  }

  boolean overlaps(int otherStart, int otherEnd) {
    return start < otherEnd && otherStart < end;
  }
}
