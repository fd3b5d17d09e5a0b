package dev.dragoman.operators.analytics;

import dev.dragoman.operators.record.Document;
import java.util.Comparator;

/**
 * A document that waits for others.
 *
 * @param left whether others are joined to it; it is joined to others otherwise
 * @param time its timestamp in milliseconds
 */
record Arrival(boolean left, long time, Document document) {
  /** By time, then by id. */
  static final Comparator<Arrival> ORDER =
      Comparator.comparingLong(Arrival::time).thenComparing(arrival -> arrival.document.id());
}
