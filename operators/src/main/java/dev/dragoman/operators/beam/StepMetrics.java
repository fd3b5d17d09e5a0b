package dev.dragoman.operators.beam;

import dev.dragoman.operators.metrics.MetricNames;
import dev.dragoman.operators.record.RejectionCode;
import java.io.Serializable;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;

/** What one step counts; the names are told in {@link OperatorMetrics}. */
final class StepMetrics implements Serializable {
  private static final long serialVersionUID = 1;

  private final String step;
  private final Counter in;
  private final Counter found;
  private final Counter out;
  private final Counter tokens;
  private final Counter batches;
  private final Counter nanos;
  private final Distribution batchMillis;
  private final Distribution batchDocuments;

  StepMetrics(String step) {
    this.step = step;
    this.in = counter(MetricNames.DOCUMENTS_IN);
    this.found = counter(OperatorMetrics.DOCUMENTS_FOUND);
    this.out = counter(MetricNames.DOCUMENTS_OUT);
    this.tokens = counter(OperatorMetrics.TOKENS);
    this.batches = counter(OperatorMetrics.BATCHES);
    this.nanos = counter(OperatorMetrics.NANOS);
    this.batchMillis = MetricNames.distribution(step, OperatorMetrics.BATCH_MILLIS);
    this.batchDocuments = MetricNames.distribution(step, OperatorMetrics.BATCH_DOCUMENTS);
  }

  void batch(int documents, long weight, long took) {
    in.inc(documents);
    tokens.inc(weight);
    batches.inc();
    nanos.inc(took);
    batchMillis.update(took / 1_000_000);
    batchDocuments.update(documents);
  }

  /** The operator, with its models, was opened for one more thread. */
  void opened(long took) {
    counter(OperatorMetrics.OPENED).inc();
    counter(OperatorMetrics.OPEN_NANOS).inc(took);
  }

  void found(int documents) {
    found.inc(documents);
  }

  void out() {
    out.inc();
  }

  void skipped() {
    counter(OperatorMetrics.SKIPPED).inc();
  }

  /** What the operator itself has counted more. */
  void counted(String name, long more) {
    counter(OperatorMetrics.COUNTED_PREFIX + name).inc(more);
  }

  void rejected(RejectionCode code) {
    MetricNames.rejected(step, code).inc();
  }

  void kept(RejectionCode code) {
    counter(OperatorMetrics.KEPT_PREFIX + code).inc();
  }

  private Counter counter(String metric) {
    return MetricNames.counter(step, metric);
  }
}
