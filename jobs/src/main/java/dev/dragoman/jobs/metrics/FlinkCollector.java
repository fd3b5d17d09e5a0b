package dev.dragoman.jobs.metrics;

import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.metrics.DistributionResult;
import org.apache.beam.sdk.metrics.GaugeResult;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.HistogramStatistics;
import org.apache.flink.metrics.LogicalScopeProvider;
import org.apache.flink.metrics.Meter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/** Turns Flink's metrics, and what steps count through Beam, into Prometheus's. */
final class FlinkCollector extends Collector {
  private static final String OURS = "dragoman.";
  private static final String LATENCY = "dragoman_latency_seconds";
  private static final Pattern UPPER_BOUND = Pattern.compile("latency_le_(\\d+)");
  private static final Pattern LAG =
      Pattern.compile("dragoman\\.(.+?)\\.lag_records\\.(.+)-(\\d+)");
  private static final Pattern OTHERS = Pattern.compile("[^a-zA-Z0-9_]");

  private final Map<Metric, Named> metrics = new ConcurrentHashMap<>();

  /**
   * A metric's name and labels.
   *
   * @param family what it is told under; that of a histogram has several names
   * @param scale what its value is multiplied by
   */
  private record Named(
      String family, Type type, String name, double scale, Map<String, String> labels) {
    Named with(String suffix) {
      return new Named(family + suffix, type, name + suffix, scale, labels);
    }
  }

  void add(Metric metric, String name, MetricGroup group) {
    metrics.put(metric, named(metric, name, group));
  }

  void remove(Metric metric) {
    metrics.remove(metric);
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Map<String, MetricFamilySamples> families = new TreeMap<>();
    metrics.forEach((metric, named) -> {
      switch (metric) {
        case Counter counter -> add(families, named, counter.getCount());
        case Meter meter -> add(families, named, meter.getRate());
        case Histogram histogram -> {
          HistogramStatistics statistics = histogram.getStatistics();
          add(families, named.with("_max"), statistics.getMax());
          add(families, named.with("_mean"), statistics.getMean());
          add(families, named.with("_p99"), statistics.getQuantile(0.99));
        }
        case Gauge<?> gauge -> addGauge(families, named, gauge.getValue());
        default -> {}
      }
    });
    return new ArrayList<>(families.values());
  }

  private static void addGauge(
      Map<String, MetricFamilySamples> families, Named named, @Nullable Object value) {
    switch (value) {
      case null -> {}
      case Number number -> add(families, named, number.doubleValue());
      case Boolean truth -> add(families, named, truth ? 1 : 0);
      case DistributionResult distribution -> {
        add(families, named.with("_count"), distribution.getCount());
        add(families, named.with("_sum"), distribution.getSum());
        add(families, named.with("_max"), distribution.getMax());
      }
      case GaugeResult gauge -> add(families, named, gauge.getValue());
      default -> {}
    }
  }

  private static void add(Map<String, MetricFamilySamples> families, Named named, double value) {
    List<MetricFamilySamples.Sample> samples =
        families.computeIfAbsent(
                named.family(),
                family -> new MetricFamilySamples(family, named.type(), "", new ArrayList<>()))
            .samples;
    samples.add(sample(named, named.labels(), value));
    if (named.name().endsWith("_seconds_count") && named.type() == Type.HISTOGRAM) {
      Map<String, String> all = new TreeMap<>(named.labels());
      all.put("le", "+Inf");
      samples.add(
          sample(
              new Named(named.family(), Type.HISTOGRAM, LATENCY + "_bucket", 1, all), all, value));
    }
  }

  private static MetricFamilySamples.Sample sample(
      Named named, Map<String, String> labels, double value) {
    return new MetricFamilySamples.Sample(
        named.name(),
        List.copyOf(labels.keySet()),
        List.copyOf(labels.values()),
        value * named.scale());
  }

  private static Named named(Metric metric, String name, MetricGroup group) {
    Map<String, String> labels = new TreeMap<>();
    group
        .getAllVariables()
        .forEach((key, value) -> labels.put(clean(key.substring(1, key.length() - 1)), value));
    int dot = name.lastIndexOf('.');
    if (!name.startsWith(OURS) || dot < OURS.length()) {
      String scope =
          LogicalScopeProvider.castFrom(group).getLogicalScope(FlinkCollector::clean, '_');
      return gauge(clean("flink_" + scope + "_" + name), labels);
    }
    Matcher lag = LAG.matcher(name);
    if (lag.matches()) {
      labels.put("step", lag.group(1));
      labels.put("topic", lag.group(2));
      labels.put("partition", lag.group(3));
      return gauge("dragoman_lag_records", labels);
    }
    labels.put("step", name.substring(OURS.length(), dot));
    String told = name.substring(dot + 1);
    Matcher bound = UPPER_BOUND.matcher(told);
    if (bound.matches()) {
      labels.put("le", Double.toString(Long.parseLong(bound.group(1)) / 1e3));
      return new Named(LATENCY, Type.HISTOGRAM, LATENCY + "_bucket", 1, labels);
    }
    for (String prefix : List.of("rejected_", "kept_")) {
      if (told.startsWith(prefix)) {
        labels.put("code", told.substring(prefix.length()));
        return counter(prefix + "documents", 1, labels);
      }
    }
    return switch (told) {
      case "latency_count" -> new Named(LATENCY, Type.HISTOGRAM, LATENCY + "_count", 1, labels);
      case "latency_sum" -> new Named(LATENCY, Type.HISTOGRAM, LATENCY + "_sum", 1e-3, labels);
      case "nanos" -> counter("seconds", 1e-9, labels);
      case "open_nanos" -> counter("open_seconds", 1e-9, labels);
      default ->
          metric instanceof Counter
              ? counter(clean(told), 1, labels)
              : gauge("dragoman_" + clean(told), labels);
    };
  }

  private static Named gauge(String name, Map<String, String> labels) {
    return new Named(name, Type.GAUGE, name, 1, labels);
  }

  private static Named counter(String metric, double scale, Map<String, String> labels) {
    String name = "dragoman_" + metric + "_total";
    return new Named(name, Type.COUNTER, name, scale, labels);
  }

  private static String clean(String name) {
    return OTHERS.matcher(name).replaceAll("_");
  }
}
