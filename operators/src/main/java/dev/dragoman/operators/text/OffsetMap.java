package dev.dragoman.operators.text;

/** Where the offsets of a text went when the text was rewritten. Monotone. */
interface OffsetMap {
  /** Where a stretch that began at this offset begins now. */
  int start(int offset);

  /** Where a stretch that ended at this offset ends now; never before its {@link #start}. */
  int end(int offset);
}
