package dev.dragoman.operators.beam;

import static dev.dragoman.operators.beam.Probe.document;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.coder.DocumentCoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.Reify;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On the real direct runner. */
@Timeout(120)
class ApplyOperatorTest {
  private static TestPipeline pipeline() {
    return TestPipeline.create().enableAbandonedNodeEnforcement(false);
  }

  private static PCollection<String> texts(PCollection<Document> documents) {
    return documents.apply(
        "texts", MapElements.into(TypeDescriptors.strings()).via(Document::text));
  }

  @Test
  void everyDocumentLeavesByOneDoorAndIsCounted() {
    TestPipeline pipeline = pipeline();
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      documents.add(document("fine " + i));
      documents.add(document("fail " + i));
    }
    documents.add(document("throw 1"));
    documents.add(document("expand 1"));
    PCollectionTuple out =
        pipeline
            .apply(Create.of(documents))
            .apply(
                ApplyOperator.of(new Probe.Config(50))
                    .named("first.step")
                    .withModelHome(Path.of("x")));
    PAssert.that(texts(out.get(ApplyOperator.ENRICHED)))
        .satisfies(found -> {
          List<String> expected =
              new ArrayList<>(IntStream.range(0, 100).mapToObj(i -> "fine " + i).toList());
          expected.addAll(List.of("expand 1", "inner expand 1"));
          assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
          return null;
        });
    PAssert.that(out.get(ApplyOperator.REJECTED))
        .satisfies(rejected -> {
          Map<RejectionCode, Integer> codes = new TreeMap<>();
          for (Rejected one : rejected) {
            codes.merge(one.failure().code(), 1, Integer::sum);
          }
          assertThat(codes)
              .isEqualTo(
                  Map.of(
                      RejectionCode.CORRUPT,
                      100,
                      RejectionCode.INTERNAL,
                      1,
                      RejectionCode.ENCRYPTED,
                      1));
          return null;
        });
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();

    var steps = OperatorMetrics.read(result.metrics());
    assertThat(steps).containsOnlyKeys("first.step");
    OperatorMetrics.Counts counts = requireNonNull(steps.get("first.step"));
    assertThat(counts.documentsIn()).isEqualTo(202);
    assertThat(counts.documentsFound()).isEqualTo(2);
    assertThat(counts.documentsOut()).isEqualTo(102);
    assertThat(counts.rejectedInAll()).isEqualTo(102);
    assertThat(counts.rejected())
        .isEqualTo(
            Map.of(
                RejectionCode.CORRUPT, 100L,
                RejectionCode.INTERNAL, 1L,
                RejectionCode.ENCRYPTED, 1L));
    assertThat(counts.tokens())
        .isEqualTo(documents.stream().mapToLong(document -> document.text().length()).sum());
    assertThat(counts.batches()).isBetween(1L, 101L);
    assertThat(counts.time()).isPositive();
  }

  @Test
  void documentsAreBatchedByWeightWithinABundle() {
    TestPipeline pipeline = pipeline();
    TestStream<Document> bundles =
        TestStream.create(DocumentCoder.of())
            .addElements(document("1234"), document("5678"), document("90"), document("x"))
            .addElements(document("heavier than ten"), document("yz"))
            .advanceWatermarkToInfinity();
    PCollection<Document> out =
        pipeline
            .apply(bundles)
            .apply(ApplyOperator.of(new Probe.Config(10)))
            .get(ApplyOperator.ENRICHED);
    PAssert.that(
            out.apply(
                MapElements.into(TypeDescriptors.strings())
                    .via(document -> document.text() + ":" + Probe.batchOf(document))))
        .containsInAnyOrder("1234:3", "5678:3", "90:3", "x:1", "heavier than ten:1", "yz:1");
    pipeline.run().waitUntilFinish();
  }

  @Test
  void documentsKeepTheirWindowsAndTimestamps() {
    TestPipeline pipeline = pipeline();
    List<TimestampedValue<Document>> bundle = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Instant time = Instant.ofEpochMilli(((i * 7L) % 30) * 20_000);
      String text = (i % 5 == 4 ? "fail " : "fine ") + i;
      bundle.add(TimestampedValue.of(document(text), time));
      long start = time.getMillis() / 60_000 * 60_000;
      expected.add(text + "@" + time.getMillis() + " in " + start + " " + (start + 60_000));
    }
    @SuppressWarnings({"unchecked", "rawtypes"})
    TimestampedValue<Document>[] rest = bundle.subList(1, 30).toArray(new TimestampedValue[0]);
    TestStream<Document> stream =
        TestStream.create(DocumentCoder.of())
            .addElements(bundle.getFirst(), rest)
            .advanceWatermarkToInfinity();
    PCollectionTuple out =
        pipeline
            .apply(stream)
            .apply(Window.into(FixedWindows.of(Duration.standardMinutes(1))))
            .apply(ApplyOperator.of(new Probe.Config(40)));
    PCollection<String> enriched =
        out.get(ApplyOperator.ENRICHED)
            .apply("windows", Reify.windows())
            .apply(
                "places",
                MapElements.into(TypeDescriptors.strings())
                    .via(in ->
                        place(in.getValue(), in.getTimestamp(), (IntervalWindow) in.getWindow())));
    PCollection<String> rejected =
        out.get(ApplyOperator.REJECTED)
            .apply("windows of rejected", Reify.windows())
            .apply(
                "places of rejected",
                MapElements.into(TypeDescriptors.strings())
                    .via(in ->
                        place(
                            in.getValue().document(),
                            in.getTimestamp(),
                            (IntervalWindow) in.getWindow())));
    PAssert.that(global(enriched))
        .containsInAnyOrder(expected.stream().filter(line -> line.startsWith("fine")).toList());
    PAssert.that(global(rejected))
        .containsInAnyOrder(expected.stream().filter(line -> line.startsWith("fail")).toList());
    pipeline.run().waitUntilFinish();
  }

  private static PCollection<String> global(PCollection<String> windowed) {
    return windowed.apply("global " + windowed.getName(), Window.into(new GlobalWindows()));
  }

  private static String place(Document document, Instant time, IntervalWindow window) {
    return document.text()
        + "@"
        + time.getMillis()
        + " in "
        + window.start().getMillis()
        + " "
        + window.end().getMillis();
  }

  @Test
  void aDocumentThatIsKeptSaysWhatFailed() {
    TestPipeline pipeline = pipeline();
    PCollectionTuple out =
        pipeline
            .apply(Create.of(document("fail 1"), document("throw 2"), document("fine 3")))
            .apply(ApplyOperator.of(new Probe.Config(10)).onError(ApplyOperator.OnError.KEEP));
    PAssert.that(out.get(ApplyOperator.REJECTED)).empty();
    PAssert.that(out.get(ApplyOperator.ENRICHED))
        .satisfies(documents -> {
          Map<String, String> failures = new TreeMap<>();
          for (Document document : documents) {
            Step last = document.provenance().steps().getLast();
            String failed = document.label("failed").map(label -> label.value()).orElse("");
            assertThat(last.note()).isEqualTo(failed);
            failures.put(document.text(), last.status() + " " + failed);
          }
          assertThat(failures.get("fail 1")).isEqualTo("FAILED CORRUPT: told to");
          assertThat(failures.get("throw 2")).startsWith("FAILED INTERNAL: Probe failed with");
          assertThat(failures.get("fine 3")).isEqualTo("DONE ");
          return null;
        });
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    OperatorMetrics.Counts counts =
        requireNonNull(OperatorMetrics.read(result.metrics()).get("Probe"));
    assertThat(counts.documentsOut()).isEqualTo(3);
    assertThat(counts.kept())
        .isEqualTo(Map.of(RejectionCode.CORRUPT, 1L, RejectionCode.INTERNAL, 1L));
    assertThat(counts.rejected()).isEmpty();
  }
}
