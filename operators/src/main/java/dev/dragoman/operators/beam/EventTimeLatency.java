package dev.dragoman.operators.beam;

import dev.dragoman.operators.metrics.MetricNames;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Instant;

/**
 * Passes elements on and counts how long after their event time they come by: a histogram of
 * milliseconds in counters {@code STEP.latency_le_N}, each with all that took no longer than N, and
 * {@code STEP.latency_count} and {@code STEP.latency_sum}.
 */
public final class EventTimeLatency<T> extends PTransform<PCollection<T>, PCollection<T>> {
  private static final long serialVersionUID = 1;

  /** The upper bounds of the histogram, in milliseconds. */
  static final long[] BOUNDS = {
    50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 600_000
  };

  private final String step;

  private EventTimeLatency(String step) {
    super("Latency " + step);
    this.step = step;
  }

  /** Before the step of this name. */
  public static <T> EventTimeLatency<T> before(String step) {
    return new EventTimeLatency<>(step);
  }

  @Override
  public PCollection<T> expand(PCollection<T> elements) {
    PCollection<T> passed = elements.apply("Measure", ParDo.of(new Measure<T>(step)));
    return elements.hasSchema()
        ? passed.setSchema(
            elements.getSchema(),
            elements.getTypeDescriptor(),
            elements.getToRowFunction(),
            elements.getFromRowFunction())
        : passed.setCoder(elements.getCoder());
  }

  private static final class Measure<T> extends DoFn<T, T> {
    private static final long serialVersionUID = 1;

    private final Counter[] buckets;
    private final Counter count;
    private final Counter sum;

    Measure(String step) {
      buckets = new Counter[BOUNDS.length];
      for (int i = 0; i < buckets.length; i++) {
        buckets[i] = MetricNames.counter(step, "latency_le_" + BOUNDS[i]);
      }
      count = MetricNames.counter(step, "latency_count");
      sum = MetricNames.counter(step, "latency_sum");
    }

    @ProcessElement
    public void process(@Element T element, @Timestamp Instant timestamp, OutputReceiver<T> out) {
      long took = Math.max(0, System.currentTimeMillis() - timestamp.getMillis());
      for (int i = 0; i < BOUNDS.length; i++) {
        if (took <= BOUNDS[i]) {
          buckets[i].inc();
        }
      }
      count.inc();
      sum.inc(took);
      out.output(element);
    }
  }
}
