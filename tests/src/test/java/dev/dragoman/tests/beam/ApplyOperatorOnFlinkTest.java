package dev.dragoman.tests.beam;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorConfig;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.beam.ApplyOperator;
import dev.dragoman.operators.beam.OperatorMetrics;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Step;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches hold documents of several windows; each must come out in its own. */
@Timeout(180)
class ApplyOperatorOnFlinkTest {
  private static final int DOCUMENTS = 300;
  private static final long MINUTE = 60_000;

  /** What arrived, by run. */
  private static final Map<String, Queue<String>> ARRIVED = new ConcurrentHashMap<>();

  @OperatorInfo(name = "Sift", version = "1", summary = "Rejects every seventh document.")
  record Sift(@Param(value = "The weight of a batch.", fallback = "10") int batch)
      implements OperatorConfig {
    @Override
    public Operator open(OperatorContext context) {
      int weight = batch;
      return new Operator() {
        @Override
        public List<Outcome> apply(List<Document> documents) {
          return documents.stream().map(Sift::sift).toList();
        }

        @Override
        public long batchWeight() {
          return weight;
        }

        @Override
        public void close() {}
      };
    }

    private static Outcome sift(Document document) {
      return Integer.parseInt(document.text()) % 7 == 0
          ? Outcome.failed(document, RejectionCode.BAD_ROW, "Sift", "a seventh")
          : new Outcome.Enriched(document.with(Step.done("Sift", "1", "")));
    }
  }

  private static final class Collect<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1;
    private final String run;

    Collect(String run) {
      this.run = run;
    }

    @ProcessElement
    public void process(@Element T element, @Timestamp Instant time, BoundedWindow window) {
      String line =
          switch (element) {
            case Document document -> "out " + document.text();
            case Rejected rejected -> "rejected " + rejected.document().text();
            default -> throw new AssertionError(element);
          };
      ARRIVED
          .computeIfAbsent(run, _ -> new ConcurrentLinkedQueue<>())
          .add(
              "%s at %d in %d"
                  .formatted(
                      line, time.getMillis(), ((IntervalWindow) window).start().getMillis()));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void documentsKeepWindowsTimestampsAndCounts(boolean streaming) {
    FlinkPipelineOptions options = PipelineOptionsFactory.create().as(FlinkPipelineOptions.class);
    options.setRunner(FlinkRunner.class);
    options.setFlinkMaster("[local]");
    options.setParallelism(2);
    options.setStreaming(streaming);
    Pipeline pipeline = Pipeline.create(options);

    List<TimestampedValue<Document>> documents = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      // Up and down, so that a batch ends with an earlier or a later one.
      long time = (i * 37L % DOCUMENTS) * 10_000;
      documents.add(
          TimestampedValue.of(
              Document.ofText(URI.create("urn:" + i), "text/plain", "" + i),
              Instant.ofEpochMilli(time)));
      expected.add(
          "%s %d at %d in %d"
              .formatted(i % 7 == 0 ? "rejected" : "out", i, time, time / MINUTE * MINUTE));
    }
    PCollectionTuple out =
        pipeline
            .apply(Create.timestamped(documents))
            .apply(Window.into(FixedWindows.of(Duration.standardMinutes(1))))
            .apply(ApplyOperator.of(new Sift(10)).named("Sift it"));
    String run = "streaming " + streaming;
    out.get(ApplyOperator.ENRICHED).apply("out", ParDo.of(new Collect<>(run)));
    out.get(ApplyOperator.REJECTED).apply("rejected", ParDo.of(new Collect<>(run)));
    PipelineResult result = pipeline.run();
    assertThat(result.waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);

    assertThat(requireNonNull(ARRIVED.get(run))).containsExactlyInAnyOrderElementsOf(expected);
    OperatorMetrics.Counts counts =
        requireNonNull(OperatorMetrics.read(result.metrics()).get("Sift it"));
    assertThat(counts.documentsIn()).isEqualTo(DOCUMENTS);
    assertThat(counts.documentsOut() + counts.rejectedInAll()).isEqualTo(DOCUMENTS);
    assertThat(counts.rejected()).containsOnlyKeys(RejectionCode.BAD_ROW);
    assertThat(counts.batches()).isLessThan(DOCUMENTS);
  }
}
