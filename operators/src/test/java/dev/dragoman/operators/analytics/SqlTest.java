package dev.dragoman.operators.analytics;

import static dev.dragoman.operators.analytics.Tickets.at;
import static dev.dragoman.operators.analytics.Tickets.ticket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.coder.DocumentCoder;
import dev.dragoman.operators.record.coder.DocumentRows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TupleTag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On the real direct runner. */
@Timeout(180)
class SqlTest {
  private static final String BY_HOUR =
      """
      SELECT TUMBLE_START(event_time, INTERVAL '1' HOUR) AS window_start, category,
        COUNT(*) AS documents, AVG(SENTIMENT_VALUE(sentiment)) AS mean_sentiment,
        MAX(fields['product']) AS product
      FROM PCOLLECTION GROUP BY category, TUMBLE(event_time, INTERVAL '1' HOUR)
      """;

  private static Sql.Config config(String query, int latenessMinutes, String pane) {
    return new Sql.Config(query, Duration.ofMinutes(latenessMinutes), pane);
  }

  private static Document billing(String name, String sentiment) {
    return ticket(
        name, "x", "category", "billing", "sentiment", sentiment, "column:product", "lamp");
  }

  private static List<String> batch(Sql.Config config, List<TimestampedValue<Document>> tickets) {
    Pipeline pipeline = Tickets.pipeline();
    return shown(
        Tickets.run(
            pipeline,
            pipeline
                .apply(Create.timestamped(tickets).withCoder(DocumentCoder.of()))
                .apply(Sql.documents(config)),
            Row.class));
  }

  private static List<String> stream(Sql.Config config, TestStream<Document> stream) {
    Pipeline pipeline = Tickets.pipeline();
    return shown(
        Tickets.run(pipeline, pipeline.apply(stream).apply(Sql.documents(config)), Row.class));
  }

  private static List<String> shown(List<Row> rows) {
    return rows.stream().map(row -> row.getValues().toString()).sorted().toList();
  }

  @Test
  void aStreamGivesTheRowsOfABatchAndLateDocumentsReplaceThem() {
    TimestampedValue<Document> first = at(0.1, billing("a", "negative"));
    TimestampedValue<Document> second = at(0.6, billing("b", "neutral"));
    TimestampedValue<Document> late = at(0.7, billing("c", "negative"));
    TimestampedValue<Document> next = at(1.2, billing("d", "positive"));
    TestStream<Document> stream =
        Tickets.stream()
            .addElements(second, first)
            .advanceWatermarkTo(at(1.3))
            .addElements(next)
            .addElements(late)
            .advanceWatermarkTo(at(2.4))
            .addElements(at(0.8, billing("too late", "negative")))
            .advanceWatermarkToInfinity();
    String hour0 = "[2026-01-05T00:00:00.000Z, billing, ";
    String hour1 = "[2026-01-05T01:00:00.000Z, billing, 1, 1.0, lamp]";

    assertThat(batch(config(BY_HOUR, 0, ""), List.of(first, second, late, next)))
        .containsExactly(hour0 + "3, -0.6666666667, lamp]", hour1);
    assertThat(stream(config(BY_HOUR, 30, ""), stream))
        .containsExactly(hour0 + "2, -0.5, lamp]", hour0 + "3, -0.6666666667, lamp]", hour1);
    assertThat(stream(config(BY_HOUR, 0, ""), stream))
        .containsExactly(hour0 + "2, -0.5, lamp]", hour1);
    assertThat(stream(config(BY_HOUR, 30, "pane"), stream))
        .containsExactly(
            hour0 + "2, -0.5, lamp, 0]",
            hour0 + "3, -0.6666666667, lamp, 1]",
            hour1.replace("]", ", 0]"));
  }

  @Test
  void windowsSlideAndSessionsEndWithSilence() {
    List<TimestampedValue<Document>> tickets = new ArrayList<>();
    for (double hour : new double[] {0.1, 0.3, 0.9, 3.0}) {
      tickets.add(at(hour, billing("t" + hour, "neutral")));
    }
    assertThat(
            batch(
                config(
                    "SELECT SESSION_START(event_time, INTERVAL '1' HOUR) AS s, COUNT(*) AS n FROM"
                        + " PCOLLECTION GROUP BY SESSION(event_time, INTERVAL '1' HOUR)",
                    0,
                    ""),
                tickets))
        .containsExactly("[2026-01-05T00:06:00.000Z, 3]", "[2026-01-05T03:00:00.000Z, 1]");
    assertThat(
            batch(
                config(
                    "SELECT HOP_START(event_time, INTERVAL '1' HOUR, INTERVAL '2' HOUR) AS s,"
                        + " COUNT(*) AS n FROM PCOLLECTION GROUP BY HOP(event_time, INTERVAL '1'"
                        + " HOUR, INTERVAL '2' HOUR)",
                    0,
                    ""),
                tickets))
        .containsExactly(
            "[2026-01-04T23:00:00.000Z, 3]",
            "[2026-01-05T00:00:00.000Z, 3]",
            "[2026-01-05T02:00:00.000Z, 1]",
            "[2026-01-05T03:00:00.000Z, 1]");
  }

  @Test
  void severalInputsHaveTheNamesOfTheirSteps() {
    Pipeline pipeline = Tickets.pipeline();
    Schema teams = Schema.builder().addStringField("category").addStringField("team").build();
    assertThat(
            shown(
                Tickets.run(
                    pipeline,
                    PCollectionTuple.of(
                            new TupleTag<Row>("Tickets"),
                            pipeline
                                .apply(
                                    "t",
                                    Create.timestamped(at(1, billing("a", "neutral")))
                                        .withCoder(DocumentCoder.of()))
                                .apply(DocumentRows.of()))
                        .and(
                            new TupleTag<Row>("Teams"),
                            pipeline.apply(
                                Create.of(Row.withSchema(teams).addValues("billing", "red").build())
                                    .withRowSchema(teams)))
                        .apply(
                            Sql.named(
                                config(
                                    "SELECT t.category, x.team FROM Tickets t JOIN Teams x ON"
                                        + " t.category = x.category",
                                    0,
                                    ""))),
                    Row.class)))
        .containsExactly("[billing, red]");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT categry FROM PCOLLECTION | line 1, column 8: Column 'categry' not found",
        "SELECT category FROM Tickets | line 1, column 22: Object 'Tickets' not found",
        "SELECT NOPE(category) FROM PCOLLECTION | line 1, column 8: No match found for function",
        "SELECT language FROM PCOLLECTION | need backticks",
        "SELECT category FROM PCOLLECTION WHERE | line 1, column 34: Incorrect syntax",
        "DROP TABLE PCOLLECTION | must begin with SELECT",
        "SELECT category, COUNT(*) AS n FROM PCOLLECTION GROUP BY category | specify windowing"
      })
  void aWrongQueryIsRefusedWithThePlace(String query, String message) {
    assertThatThrownBy(
            () -> config(query, 0, "").check(Map.of(Sql.INPUT, DocumentRows.schema()), true))
        .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.key()).isEqualTo("query"))
        .hasMessageContaining(message);
  }

  @Test
  void theColumnsOfTheAnswerAreKnownBeforeAnythingRuns() {
    Schema answer =
        config(BY_HOUR, 5, "pane").check(Map.of(Sql.INPUT, DocumentRows.schema()), true);
    assertThat(answer.getFieldNames())
        .containsExactly(
            "window_start", "category", "documents", "mean_sentiment", "product", "pane");
  }
}
