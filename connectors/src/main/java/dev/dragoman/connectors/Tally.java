package dev.dragoman.connectors;

import dev.dragoman.operators.metrics.MetricNames;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/**
 * Counts what the step before it did. The Flink runner gives elements to a step with stable input
 * outside of where it collects metrics, so what such a step counts itself is lost; it says it to
 * this one instead, as names of counters, STEP.COUNTER, and by how much they grow.
 */
public final class Tally extends DoFn<KV<String, Long>, Void> {
  private static final long serialVersionUID = 1;

  private transient Map<String, Counter> counters = new HashMap<>();

  /** Of what it takes. */
  public static Coder<KV<String, Long>> inputCoder() {
    return KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of());
  }

  @Setup
  public void setup() {
    counters = new HashMap<>();
  }

  @ProcessElement
  public void count(@Element KV<String, Long> growth) {
    counters
        .computeIfAbsent(growth.getKey(), name -> Metrics.counter(MetricNames.NAMESPACE, name))
        .inc(growth.getValue());
  }
}
