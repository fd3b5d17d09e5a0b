package dev.dragoman.jobs.metrics;

import java.util.Properties;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** Named in Flink's configuration; see {@link LoopbackPrometheus}. */
public final class LoopbackPrometheusFactory implements MetricReporterFactory {
  @Override
  public MetricReporter createMetricReporter(Properties properties) {
    return new LoopbackPrometheus();
  }
}
