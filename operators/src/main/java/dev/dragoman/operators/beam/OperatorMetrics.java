package dev.dragoman.operators.beam;

import dev.dragoman.operators.metrics.MetricNames;
import dev.dragoman.operators.record.RejectionCode;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.metrics.MetricsFilter;

/**
 * The Beam metrics of operators: namespace {@code dragoman}, name {@code STEP.METRIC}. For every
 * step {@code documents_in + documents_found = documents_out + rejected}; documents kept in spite
 * of a failure are among {@code documents_out}.
 */
public final class OperatorMetrics {
  static final String DOCUMENTS_FOUND = "documents_found";
  static final String TOKENS = "tokens";
  static final String BATCHES = "batches";
  static final String NANOS = "nanos";
  static final String BATCH_MILLIS = "batch_millis";
  static final String BATCH_DOCUMENTS = "batch_documents";
  static final String OPENED = "opened";
  static final String OPEN_NANOS = "open_nanos";
  static final String SKIPPED = "skipped";
  static final String COUNTED_PREFIX = "counted_";
  static final String KEPT_PREFIX = "kept_";

  private OperatorMetrics() {}

  /**
   * What one step counted.
   *
   * @param documentsFound inside containers, beyond the containers themselves
   * @param kept failures of documents that went on because of {@code on_error: keep}
   * @param skipped documents that went on without what the step does
   * @param counted what the operator itself counts, such as {@code cache_hits}
   * @param tokens 0 for operators that do not batch by tokens
   * @param time spent in the operator, summed over all threads
   */
  public record Counts(
      long documentsIn,
      long documentsFound,
      long documentsOut,
      Map<RejectionCode, Long> rejected,
      Map<RejectionCode, Long> kept,
      long skipped,
      SortedMap<String, Long> counted,
      long tokens,
      long batches,
      Duration time) {
    private static final Counts NONE =
        new Counts(0, 0, 0, Map.of(), Map.of(), 0, new TreeMap<>(), 0, 0, Duration.ZERO);

    public Counts {
      counted = Collections.unmodifiableSortedMap(new TreeMap<>(counted));
      rejected = sorted(rejected);
      kept = sorted(kept);
    }

    /** How many documents left, whatever the reason. */
    public long rejectedInAll() {
      return rejected.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Map<RejectionCode, Long> sorted(Map<RejectionCode, Long> counts) {
      Map<RejectionCode, Long> copy = new EnumMap<>(RejectionCode.class);
      copy.putAll(counts);
      return Collections.unmodifiableMap(copy);
    }

    private Counts plus(String metric, long value) {
      return switch (metric) {
        case MetricNames.DOCUMENTS_IN -> with(documentsIn + value, documentsFound, documentsOut);
        case DOCUMENTS_FOUND -> with(documentsIn, documentsFound + value, documentsOut);
        case MetricNames.DOCUMENTS_OUT -> with(documentsIn, documentsFound, documentsOut + value);
        case SKIPPED -> with(skipped + value, counted);
        case TOKENS -> with(tokens + value, batches, time);
        case BATCHES -> with(tokens, batches + value, time);
        case NANOS -> with(tokens, batches, time.plusNanos(value));
        default -> {
          if (metric.startsWith(MetricNames.REJECTED_PREFIX)) {
            yield with(
                plus(rejected, metric.substring(MetricNames.REJECTED_PREFIX.length()), value),
                kept);
          }
          if (metric.startsWith(KEPT_PREFIX)) {
            yield with(rejected, plus(kept, metric.substring(KEPT_PREFIX.length()), value));
          }
          if (metric.startsWith(COUNTED_PREFIX)) {
            SortedMap<String, Long> more = new TreeMap<>(counted);
            more.merge(metric.substring(COUNTED_PREFIX.length()), value, Long::sum);
            yield with(skipped, more);
          }
          yield this;
        }
      };
    }

    private Counts with(long in, long found, long out) {
      return new Counts(in, found, out, rejected, kept, skipped, counted, tokens, batches, time);
    }

    private Counts with(long someSkipped, SortedMap<String, Long> some) {
      return new Counts(
          documentsIn,
          documentsFound,
          documentsOut,
          rejected,
          kept,
          someSkipped,
          some,
          tokens,
          batches,
          time);
    }

    private Counts with(long someTokens, long someBatches, Duration someTime) {
      return new Counts(
          documentsIn,
          documentsFound,
          documentsOut,
          rejected,
          kept,
          skipped,
          counted,
          someTokens,
          someBatches,
          someTime);
    }

    private Counts with(Map<RejectionCode, Long> some, Map<RejectionCode, Long> others) {
      return new Counts(
          documentsIn,
          documentsFound,
          documentsOut,
          some,
          others,
          skipped,
          counted,
          tokens,
          batches,
          time);
    }

    private static Map<RejectionCode, Long> plus(
        Map<RejectionCode, Long> counts, String code, long value) {
      Map<RejectionCode, Long> more = new EnumMap<>(RejectionCode.class);
      more.putAll(counts);
      more.merge(RejectionCode.valueOf(code), value, Long::sum);
      return more;
    }
  }

  /**
   * What the steps of a pipeline have counted so far.
   *
   * @return by the names of the steps
   */
  public static SortedMap<String, Counts> read(MetricResults results) {
    MetricQueryResults mine =
        results.queryMetrics(
            MetricsFilter.builder()
                .addNameFilter(MetricNameFilter.inNamespace(MetricNames.NAMESPACE))
                .build());
    SortedMap<String, Counts> steps = new TreeMap<>();
    for (MetricResult<Long> counter : mine.getCounters()) {
      String name = counter.getName().getName();
      int dot = name.lastIndexOf('.');
      if (dot < 0) {
        continue;
      }
      String step = name.substring(0, dot);
      Long committed = counter.getCommittedOrNull();
      long value = committed == null ? counter.getAttempted() : committed;
      steps.put(step, steps.getOrDefault(step, Counts.NONE).plus(name.substring(dot + 1), value));
    }
    return steps;
  }
}
