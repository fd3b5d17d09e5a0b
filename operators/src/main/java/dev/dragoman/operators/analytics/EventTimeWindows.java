package dev.dragoman.operators.analytics;

import org.apache.beam.sdk.transforms.windowing.DefaultTrigger;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Windows and times as Beam has them. */
final class EventTimeWindows {
  private EventTimeWindows() {}

  /** One window for all, whatever windows and triggers the elements came with. */
  static <T> Window<T> global() {
    return Window.<T>into(new GlobalWindows())
        .triggering(DefaultTrigger.of())
        .withAllowedLateness(Duration.ZERO)
        .discardingFiredPanes();
  }

  static Duration of(java.time.Duration duration) {
    return Duration.millis(duration.toMillis());
  }

  static Instant at(long millis) {
    return Instant.ofEpochMilli(millis);
  }
}
