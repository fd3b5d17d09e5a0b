package dev.dragoman.operators.analytics;

import static java.util.Objects.requireNonNull;

import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Annotation.Label;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.coder.DocumentCoder;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;

/** Documents with labels, and what comes out of graphs over them. */
final class Tickets {
  static final long HOUR = 3_600_000L;

  /** A Monday at midnight. */
  static final long START = Instant.parse("2026-01-05T00:00:00Z").getMillis();

  private static final Map<String, ConcurrentLinkedQueue<Object>> COLLECTED =
      new ConcurrentHashMap<>();

  private Tickets() {}

  static Pipeline pipeline() {
    return TestPipeline.create().enableAbandonedNodeEnforcement(false);
  }

  /** A ticket with labels, given as kind, value, kind, value. */
  static Document ticket(String name, String text, String... labels) {
    Document plain =
        Document.ofText(URI.create("urn:ticket:" + name.replace(' ', '-')), "text/plain", text);
    List<Annotation> annotations = new ArrayList<>();
    for (int i = 0; i < labels.length; i += 2) {
      annotations.add(
          new Label(
              new Origin(PartId.TEXT, "Classify", "1", "tiny"),
              labels[i],
              labels[i + 1],
              Double.NaN));
    }
    return plain.plus(annotations).with(Step.done("Classify", "1", "tiny"));
  }

  static Instant at(double hours) {
    return Instant.ofEpochMilli(START + Math.round(hours * HOUR));
  }

  static TimestampedValue<Document> at(double hours, Document document) {
    return TimestampedValue.of(document, at(hours));
  }

  static TestStream.Builder<Document> stream() {
    return TestStream.create(DocumentCoder.of()).advanceWatermarkTo(at(0));
  }

  /** What a graph puts out, once it has run. */
  static <T> List<T> run(Pipeline pipeline, PCollection<T> output, Class<T> type) {
    String name = String.valueOf(System.nanoTime());
    COLLECTED.put(name, new ConcurrentLinkedQueue<>());
    output.apply("Collect", ParDo.of(new Collect<>(name)));
    pipeline.run().waitUntilFinish();
    return requireNonNull(COLLECTED.remove(name)).stream().map(type::cast).toList();
  }

  /** Rows of a trend by the hour their windows end and their category: {@code 3.0 billing}. */
  record Windows(Map<String, Row> rows) {
    static Windows of(List<Row> rows) {
      Map<String, Row> byWindow = new TreeMap<>();
      for (Row row : rows) {
        long end = requireNonNull(row.getDateTime("window_end")).getMillis();
        String category =
            row.getSchema().hasField("category") ? " " + row.getString("category") : "";
        if (byWindow.put((double) (end - START) / HOUR + category, row) != null) {
          throw new AssertionError("two rows of a window: " + row);
        }
      }
      return new Windows(byWindow);
    }

    Row row(String window) {
      return requireNonNull(rows.get(window), window);
    }
  }

  private static final class Collect<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1;
    private final String name;

    Collect(String name) {
      this.name = name;
    }

    @ProcessElement
    public void process(@Element T element) {
      requireNonNull(COLLECTED.get(name)).add(element);
    }
  }
}
