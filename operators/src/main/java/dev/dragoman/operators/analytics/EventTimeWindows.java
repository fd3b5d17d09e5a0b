package dev.dragoman.operators.analytics;

import dev.dragoman.operators.record.Document;
import org.apache.beam.sdk.transforms.windowing.DefaultTrigger;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.WindowingStrategy;
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

  /** The windows and triggers of this collection. */
  @SuppressWarnings("unchecked") // a window function of documents takes documents
  static Window<Document> like(PCollection<Document> documents) {
    WindowingStrategy<?, ?> strategy = documents.getWindowingStrategy();
    Window<Document> windows =
        Window.<Document>into((WindowFn<? super Document, ?>) strategy.getWindowFn())
            .triggering(strategy.getTrigger())
            .withAllowedLateness(strategy.getAllowedLateness(), strategy.getClosingBehavior());
    return switch (strategy.getMode()) {
      case ACCUMULATING_FIRED_PANES -> windows.accumulatingFiredPanes();
      case DISCARDING_FIRED_PANES, RETRACTING_FIRED_PANES -> windows.discardingFiredPanes();
    };
  }

  static Duration of(java.time.Duration duration) {
    return Duration.millis(duration.toMillis());
  }

  static Instant at(long millis) {
    return Instant.ofEpochMilli(millis);
  }
}
