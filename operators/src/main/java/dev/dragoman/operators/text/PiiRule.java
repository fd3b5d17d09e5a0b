package dev.dragoman.operators.text;

import java.util.List;

/** Finds one kind of personal data. */
interface PiiRule {
  /** Adds what it finds, in the order of the text. */
  void find(String text, List<Pii> found);
}
