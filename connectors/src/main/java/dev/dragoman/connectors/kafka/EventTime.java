package dev.dragoman.connectors.kafka;

import dev.dragoman.operators.record.WrittenTime;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a message happened, and whether that can be.
 *
 * <p>A time counts as plausible if it lies between {@code maxPast} before and {@code maxFuture}
 * after the time at which the record was sent; that time itself is held against the clock.
 *
 * @param field of the message that says it; empty where the record's own timestamp does
 */
record EventTime(String field, Duration maxFuture, Duration maxPast) implements Serializable {
  private static final long serialVersionUID = 1;

  /**
   * When it happened.
   *
   * @param said what the field holds; of no account if there is no field
   * @param sent the record's own timestamp
   * @throws BadMessageException if that cannot be, or is not said
   */
  Instant of(@Nullable String said, Instant sent, Instant now) throws BadMessageException {
    if (field.isEmpty()) {
      check("the record's timestamp", sent, now, "the clock");
      return sent;
    }
    if (said == null || said.isBlank()) {
      throw BadMessageException.row(
          "there is no '%s' to take the event time from (ReadKafka.event_time)".formatted(field));
    }
    Instant time = parse(said);
    boolean believable = isPlausible(sent, now);
    check(
        "'" + field + "'",
        time,
        believable ? sent : now,
        believable ? "the record's timestamp" : "the clock");
    return time;
  }

  /** A time for a record about which nothing better is known. */
  Instant fallback(Instant sent, Instant now) {
    return isPlausible(sent, now) ? sent : now;
  }

  private boolean isPlausible(Instant time, Instant reference) {
    return !time.isAfter(reference.plus(maxFuture)) && !time.isBefore(reference.minus(maxPast));
  }

  private void check(String what, Instant time, Instant reference, String than)
      throws BadMessageException {
    if (!isPlausible(time, reference)) {
      boolean late = time.isAfter(reference);
      throw BadMessageException.row(
          "%s is %s, which is more than ReadKafka.%s (%s) %s %s, %s"
              .formatted(
                  what,
                  time,
                  late ? "max_future" : "max_past",
                  late ? maxFuture : maxPast,
                  late ? "after" : "before",
                  than,
                  reference));
    }
  }

  /** Reads ISO 8601, without a zone as UTC, or a number of seconds or milliseconds since 1970. */
  private Instant parse(String said) throws BadMessageException {
    String text = said.strip();
    return WrittenTime.parse(text)
        .orElseThrow(() ->
            BadMessageException.row(
                "'%s' is '%s', which is no time: write ISO 8601 (2026-05-01T10:00:00Z) or a number of seconds or milliseconds since 1970"
                    .formatted(
                        field, text.length() <= 60 ? text : text.substring(0, 60) + " ...")));
  }
}
