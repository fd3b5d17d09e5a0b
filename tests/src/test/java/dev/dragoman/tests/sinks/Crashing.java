package dev.dragoman.tests.sinks;

import dev.dragoman.operators.record.Document;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Instant;

/** Streams of tickets on an embedded Flink that takes checkpoints and fails now and then. */
final class Crashing {
  /** The time of the first ticket. */
  static final Instant START = Instant.parse("2026-01-05T09:00:00Z");

  private Crashing() {}

  static Pipeline pipeline() {
    FlinkPipelineOptions options = PipelineOptionsFactory.create().as(FlinkPipelineOptions.class);
    options.setRunner(FlinkRunner.class);
    options.setFlinkMaster("[local]");
    options.setParallelism(2);
    options.setStreaming(true);
    options.setCheckpointingInterval(200L);
    options.setNumberOfExecutionRetries(20);
    options.setExecutionRetryDelay(50L);
    options.setMaxBundleTimeMills(50L);
    options.setEnableStableInputDrain(true);
    options.setShutdownSourcesAfterIdleMs(1_000L);
    return Pipeline.create(options);
  }

  /**
   * This many tickets, one a second, up and down within ten; the job dies once at each of these.
   */
  static PCollection<Document> tickets(
      Pipeline pipeline, String run, int count, Set<Integer> deadly) {
    return pipeline
        .apply("Numbers", Read.from(new Numbers(START, count)))
        .apply("Tickets", ParDo.of(new Tickets(run, deadly)));
  }

  /** The ticket with this number. */
  static Document ticket(int number) {
    return Document.ofText(
        URI.create("kafka:tickets/" + number), "text/plain", "ticket %05d".formatted(number));
  }

  private static final class Tickets extends DoFn<Integer, Document> {
    private static final long serialVersionUID = 1;

    /** What has happened is remembered beyond a restart: the embedded Flink is this process. */
    private static final Set<String> DIED = ConcurrentHashMap.newKeySet();

    private final String run;
    private final Set<Integer> deadly;

    Tickets(String run, Set<Integer> deadly) {
      this.run = run;
      this.deadly = Set.copyOf(deadly);
    }

    @ProcessElement
    public void process(@Element Integer number, OutputReceiver<Document> out)
        throws InterruptedException {
      Thread.sleep(1);
      if (deadly.contains(number) && DIED.add(run + number)) {
        throw new IllegalStateException("killed at ticket " + number + ", as the test wants it");
      }
      out.output(ticket(number));
    }
  }
}
