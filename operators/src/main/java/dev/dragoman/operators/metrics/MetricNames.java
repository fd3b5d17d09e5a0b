package dev.dragoman.operators.metrics;

import dev.dragoman.operators.record.RejectionCode;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.metrics.Metrics;

/** The Beam metrics of steps: namespace {@code dragoman}, name {@code STEP.METRIC}. */
public final class MetricNames {
  /** The namespace of all metrics. */
  public static final String NAMESPACE = "dragoman";

  /** What a step took. */
  public static final String DOCUMENTS_IN = "documents_in";

  /** What a step gave on. */
  public static final String DOCUMENTS_OUT = "documents_out";

  /** Stands before the code for which documents were rejected. */
  public static final String REJECTED_PREFIX = "rejected_";

  private MetricNames() {}

  /** A counter of a step, such as {@code written}. */
  public static Counter counter(String step, String metric) {
    return Metrics.counter(NAMESPACE, name(step, metric));
  }

  /** Counts documents of a step that were rejected with this code. */
  public static Counter rejected(String step, RejectionCode code) {
    return counter(step, REJECTED_PREFIX + code);
  }

  /** Count, sum and largest of what a step tells, such as {@code bulk_millis}. */
  public static Distribution distribution(String step, String metric) {
    return Metrics.distribution(NAMESPACE, name(step, metric));
  }

  /** The newest of what a step tells. */
  public static Gauge gauge(String step, String metric) {
    return Metrics.gauge(NAMESPACE, name(step, metric));
  }

  /** The name of a step's metric in {@link #NAMESPACE}. */
  public static String name(String step, String metric) {
    return step + "." + metric;
  }
}
