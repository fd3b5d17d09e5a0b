package dev.dragoman.jobs.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.HTTPServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers a process's metrics at {@code http://ADDRESS:PORT/metrics} in Prometheus's text format.
 * Flink's own reporter listens at every address; this one at {@code bind-address} (127.0.0.1), at
 * the first free port of {@code port} (a number, or a range {@code 9250-9259}).
 *
 * <p>What steps count has the names {@code dragoman_METRIC} and a label {@code step}; everything
 * else has Flink's names and labels.
 */
final class LoopbackPrometheus implements MetricReporter {
  private static final Logger LOG = LoggerFactory.getLogger(LoopbackPrometheus.class);

  private final FlinkCollector metrics = new FlinkCollector();
  private @Nullable HTTPServer server;

  @Override
  public void open(MetricConfig config) {
    String range = config.getString("port", "9250-9299");
    String address = config.getString("bind-address", "127.0.0.1");
    CollectorRegistry registry = new CollectorRegistry();
    registry.register(metrics);
    int dash = range.indexOf('-');
    int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
    int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
    for (int port = first; port <= last && server == null; port++) {
      try {
        server =
            new HTTPServer(
                new InetSocketAddress(InetAddress.getByName(address), port), registry, true);
        LOG.info("metrics at http://{}:{}/metrics", address, port);
      } catch (IOException e) {
        LOG.debug("port {} is taken", port, e);
      }
    }
    if (server == null) {
      throw new IllegalStateException("no free port for metrics in " + range);
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop();
    }
  }

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    metrics.add(metric, name, group);
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
    metrics.remove(metric);
  }
}
