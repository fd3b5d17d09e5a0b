package dev.dragoman.tests.beam;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.operators.analytics.Alert;
import dev.dragoman.operators.analytics.Join;
import dev.dragoman.operators.analytics.Sort;
import dev.dragoman.operators.analytics.Sql;
import dev.dragoman.operators.analytics.Trend;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.config.StepConfig;
import dev.dragoman.operators.record.Annotation.Label;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.coder.DocumentCoder;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** State and timers of the analytics behave on Flink, in batch and in streaming, as elsewhere. */
@Timeout(300)
class AnalyticsOnFlinkTest {
  private static final Map<String, Queue<String>> COLLECTED = new ConcurrentHashMap<>();
  private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
  private static final int MINUTE = 60_000;

  @Test
  void everyRunnerGivesTheSameRows() throws IOException {
    List<String> direct = run("--runner=DirectRunner");
    assertThat(direct)
        .anyMatch(row -> row.startsWith("trend "))
        .anyMatch(row -> row.startsWith("alert ") && row.contains("surge"))
        .anyMatch(row -> row.startsWith("join ") && row.contains("\n\n"))
        .anyMatch(row -> row.startsWith("sort "))
        .anyMatch(row -> row.startsWith("sql ") && row.contains("billing"));
    assertThat(run("--runner=FlinkRunner", "--parallelism=2")).isEqualTo(direct);
    assertThat(run("--runner=FlinkRunner", "--parallelism=2", "--streaming=true"))
        .isEqualTo(direct);
  }

  private static List<String> run(String... options) throws IOException {
    String name = String.join(" ", options);
    COLLECTED.put(name, new ConcurrentLinkedQueue<>());
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(options).create());
    PCollection<Document> tickets =
        pipeline.apply(Create.timestamped(tickets()).withCoder(DocumentCoder.of()));
    PCollection<Row> trend =
        tickets.apply(
            "Trend",
            Trend.of(
                "Trend",
                config(
                    Trend.Config.class,
                    "{'by':['category'],'baseline':4,'window':'1h','allowed_lateness':'10m'}")));
    PCollection<Row> alerts =
        trend.apply(
            "Alert", Alert.rows(config(Alert.Config.class, "{'kinds':['surge'],'quiet':'3h'}")));
    PCollection<Document> joined =
        PCollectionTuple.of(Join.LEFT, tickets)
            .and(
                Join.RIGHT, tickets.apply("Some", Filter.by(ticket -> ticket.text().contains("5"))))
            .apply(
                "Join",
                Join.of(
                    "Join",
                    config(
                        Join.Config.class,
                        "{'with':'Some','left_key':'column:number','right_key':'column:number',"
                            + "'within':'2h'}")));
    PCollection<Document> sorted =
        tickets.apply("Sort", Sort.of(config(Sort.Config.class, "{'key':'category'}")));
    PCollection<Row> counted =
        tickets.apply(
            "Sql",
            Sql.documents(
                new Sql.Config(
                    "SELECT TUMBLE_START(event_time, INTERVAL '1' HOUR) AS window_start, category,"
                        + " COUNT(*) AS documents FROM PCOLLECTION"
                        + " GROUP BY category, TUMBLE(event_time, INTERVAL '1' HOUR)",
                    Duration.ofMinutes(10),
                    "")));
    counted.apply("Keep counted", ParDo.of(new Keep<>(name, "sql")));
    trend.apply("Keep trend", ParDo.of(new Keep<>(name, "trend")));
    alerts.apply("Keep alerts", ParDo.of(new Keep<>(name, "alert")));
    joined.apply("Keep joined", ParDo.of(new Keep<>(name, "join")));
    sorted.apply("Keep sorted", ParDo.of(new Keep<>(name, "sort")));
    pipeline.run().waitUntilFinish();
    return requireNonNull(COLLECTED.remove(name)).stream().sorted().toList();
  }

  private static <C extends StepConfig> C config(Class<C> type, String json) throws IOException {
    return Configs.configure(type, new ObjectMapper().readTree(json.replace('\'', '"')));
  }

  /** A calm day in two categories, with an hour of many at its end. */
  private static List<TimestampedValue<Document>> tickets() {
    Random random = new Random(17);
    List<TimestampedValue<Document>> tickets = new ArrayList<>();
    for (int i = 0; i < 160; i++) {
      boolean surge = i >= 100;
      int minute = surge ? 12 * 60 + random.nextInt(60) : random.nextInt(12 * 60);
      String category = surge || random.nextBoolean() ? "billing" : "technical";
      Document ticket = Document.ofText(URI.create("urn:ticket:" + i), "text/plain", "ticket " + i);
      tickets.add(
          TimestampedValue.of(
              ticket.plus(
                  List.of(label("category", category), label("column:number", "n" + i % 20))),
              START.plus((long) minute * MINUTE)));
    }
    Collections.shuffle(tickets, random);
    return tickets;
  }

  private static Label label(String kind, String value) {
    return new Label(new Origin(PartId.TEXT, "Classify", "1", ""), kind, value, Double.NaN);
  }

  private static final class Keep<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1;
    private final String run;
    private final String name;

    Keep(String run, String name) {
      this.run = run;
      this.name = name;
    }

    @ProcessElement
    public void process(@Element T element, @Timestamp Instant time) {
      String shown = element instanceof Row row ? row.getValues().toString() : text(element);
      requireNonNull(COLLECTED.get(run)).add(name + " " + time + " " + shown);
    }

    private static String text(Object element) {
      return ((Document) element).text();
    }
  }
}
