package dev.dragoman.operators.analytics;

import static dev.dragoman.operators.analytics.Tickets.at;
import static dev.dragoman.operators.analytics.Tickets.ticket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.operators.analytics.Tickets.Windows;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.coder.DocumentCoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On the real direct runner. */
@Timeout(120)
class TrendTest {
  static Trend.Config config(String json) {
    try {
      return Configs.configure(
          Trend.Config.class, new ObjectMapper().readTree(json.replace('\'', '"')));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private static List<Row> batch(Trend.Config config, List<TimestampedValue<Document>> tickets) {
    Pipeline pipeline = Tickets.pipeline();
    return Tickets.run(
        pipeline,
        pipeline
            .apply(Create.timestamped(tickets).withCoder(DocumentCoder.of()))
            .apply(Trend.of("Trend", config)),
        Row.class);
  }

  private static List<Row> stream(Trend.Config config, TestStream<Document> stream) {
    Pipeline pipeline = Tickets.pipeline();
    return Tickets.run(
        pipeline, pipeline.apply(stream).apply(Trend.of("Trend", config)), Row.class);
  }

  private static List<TimestampedValue<Document>> someDays(long seed) {
    Random random = new Random(seed);
    List<String> words = List.of("invoice", "refund", "login", "screen", "late", "the", "a box");
    List<TimestampedValue<Document>> tickets = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      double hour = random.nextInt(3) == 0 ? 20 + random.nextDouble() * 4 : random.nextDouble() * 9;
      String text =
          words.get(random.nextInt(words.size())) + " " + words.get(random.nextInt(words.size()));
      List<String> labels = new ArrayList<>();
      labels.addAll(List.of("category", random.nextBoolean() ? "billing" : "technical"));
      if (random.nextInt(4) > 0) {
        labels.addAll(
            List.of(
                "sentiment", List.of("positive", "neutral", "negative").get(random.nextInt(3))));
      }
      tickets.add(at(hour, ticket("t" + i, text, labels.toArray(String[]::new))));
    }
    return tickets;
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "{'window': '1h', 'by': ['category'], 'baseline': 3, 'allowed_lateness': '30m'}",
        "{'window': '2h', 'every': '1h', 'by': [], 'baseline': 2, 'allowed_lateness': '30m',"
            + " 'empty_windows': true}"
      })
  void aStreamOutOfOrderGivesTheRowsOfABatch(String json) {
    Trend.Config config = config(json);
    List<TimestampedValue<Document>> tickets = someDays(11);

    List<TimestampedValue<Document>> shuffled = new ArrayList<>(tickets);
    Collections.shuffle(shuffled, new Random(5));
    record Arrival(long time, TimestampedValue<Document> ticket) {}
    List<Arrival> arriving = new ArrayList<>();
    Random random = new Random(6);
    for (TimestampedValue<Document> ticket : tickets) {
      long delay = random.nextLong(Tickets.HOUR * 6 / 10);
      arriving.add(new Arrival(ticket.getTimestamp().getMillis() + delay, ticket));
    }
    arriving.sort(Comparator.comparingLong(Arrival::time));
    TestStream.Builder<Document> stream = Tickets.stream();
    long watermark = Tickets.START;
    for (Arrival arrival : arriving) {
      if (arrival.time - watermark > Tickets.HOUR / 2) {
        watermark = arrival.time - Tickets.HOUR / 3;
        stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(watermark));
      }
      stream = stream.addElements(arrival.ticket);
    }

    List<Row> ofBatch = batch(config, shuffled);
    assertThat(ofBatch).hasSizeGreaterThan(12);
    assertThat(stream(config, stream.advanceWatermarkToInfinity()))
        .containsExactlyInAnyOrderElementsOf(ofBatch);
  }

  @Test
  void aRowCountsComparesAndAverages() {
    Trend.Config config = config("{'by': ['category', 'column:product'], 'baseline': 3}");
    List<TimestampedValue<Document>> tickets = new ArrayList<>();
    int name = 0;
    for (int hour = 0; hour < 4; hour++) {
      for (int i = 0; i < (hour == 3 ? 8 : 2); i++) {
        String sentiment = hour == 3 && i > 0 ? "negative" : i == 0 ? "neutral" : "positive";
        tickets.add(
            at(
                hour + 0.5,
                ticket(
                    "n" + name++,
                    "x",
                    "category",
                    "billing",
                    "column:product",
                    "lamp",
                    "sentiment",
                    sentiment)));
      }
    }
    Row row = Windows.of(batch(config, tickets)).row("4.0 billing");
    assertThat(row.getString("product")).isEqualTo("lamp");
    assertThat(row.getInt64("documents")).isEqualTo(8);
    assertThat(row.getInt64("sentiment_known")).isEqualTo(8);
    assertThat(row.getDouble("mean_sentiment")).isEqualTo(-7 / 8.0);
    assertThat(row.getInt64("baseline_windows")).isEqualTo(3);
    assertThat(row.getDouble("baseline_documents")).isEqualTo(2);
    assertThat(row.getDouble("baseline_sentiment")).isEqualTo(0.5);
    assertThat(row.getDouble("ratio")).isEqualTo(4);
    assertThat(row.getDouble("surprise")).isCloseTo(6 / Math.sqrt(2), within(1e-9));
    assertThat(row.getDateTime("window_start").getMillis()).isEqualTo(at(3).getMillis());
  }

  @Test
  void nothingComesBeforeTheWindowAndTheLatenessAreOverAndWhatIsLaterIsDropped() {
    Trend.Config config = config("{'by': [], 'allowed_lateness': '30m'}");
    Document a = ticket("a", "x");
    TestStream<Document> stream =
        Tickets.stream()
            .addElements(at(0.2, a))
            .advanceWatermarkTo(at(1.2))
            .addElements(at(0.3, ticket("late", "x")), at(1.1, ticket("next", "x")))
            .advanceWatermarkTo(at(1.6))
            .addElements(at(0.4, ticket("too late", "x")))
            .advanceWatermarkToInfinity();
    Windows rows = Windows.of(stream(config, stream));
    assertThat(rows.rows()).containsOnlyKeys("1.0", "2.0");
    assertThat(rows.row("1.0").getInt64("documents")).isEqualTo(2);
    assertThat(rows.row("2.0").getInt64("documents")).isEqualTo(1);
  }

  @Test
  void windowsWithoutDocumentsCountInTheBaselineAndAGroupThatIsGoneIsForgotten() {
    List<TimestampedValue<Document>> tickets =
        List.of(
            at(0.1, ticket("a", "x", "category", "billing")),
            at(0.2, ticket("b", "x", "category", "billing")),
            at(3.1, ticket("c", "x", "category", "billing")),
            at(20.1, ticket("d", "x", "category", "billing")));
    Windows rows = Windows.of(batch(config("{'by': ['category'], 'baseline': 4}"), tickets));
    assertThat(rows.rows()).containsOnlyKeys("1.0 billing", "4.0 billing", "21.0 billing");
    assertThat(rows.row("4.0 billing").getInt64("baseline_windows")).isEqualTo(3);
    assertThat(rows.row("4.0 billing").getDouble("baseline_documents")).isEqualTo(2 / 3.0);
    assertThat(rows.row("21.0 billing").getInt64("baseline_windows")).isZero();
    assertThat(rows.row("21.0 billing").getDouble("ratio")).isNull();

    Windows all =
        Windows.of(
            batch(config("{'by': ['category'], 'baseline': 4, 'empty_windows': true}"), tickets));
    assertThat(all.rows())
        .containsOnlyKeys(
            "1.0 billing",
            "2.0 billing",
            "3.0 billing",
            "4.0 billing",
            "5.0 billing",
            "6.0 billing",
            "7.0 billing",
            "8.0 billing",
            "21.0 billing",
            "22.0 billing",
            "23.0 billing",
            "24.0 billing",
            "25.0 billing");
    assertThat(all.row("2.0 billing").getDouble("ratio")).isZero();
  }

  @Test
  void whatIsNewStandsBeforeWhatIsAlwaysSaid() {
    List<TimestampedValue<Document>> tickets = new ArrayList<>();
    for (int hour = 0; hour < 4; hour++) {
      for (int i = 0; i < 20; i++) {
        String text = "the customer is waiting for " + (i % 2 == 0 ? "an invoice" : "a lamp");
        String added = hour == 3 && i % 4 == 0 ? ", outage [IBAN] again" : "";
        tickets.add(at(hour + i / 20.0, ticket(hour + "/" + i, text + added)));
      }
    }
    Row row = Windows.of(batch(config("{'by': [], 'top_terms': 3}"), tickets)).row("4.0");
    List<String> terms =
        row.<Row>getArray("top_terms").stream().map(term -> term.getString("term")).toList();
    assertThat(terms.subList(0, 2)).containsExactlyInAnyOrder("outage", "again");
    Row first = row.<Row>getArray("top_terms").iterator().next();
    assertThat(first.getInt64("documents")).isEqualTo(5);
    assertThat(first.getDouble("expected")).isZero();
  }

  @Test
  void aSampleOfTooManyTermsIsTheSameInEveryOrder() {
    Tally forward = Tally.empty();
    Tally backward = Tally.empty();
    List<Tally> documents = new ArrayList<>();
    for (int i = 0; i < 2 * Tally.MOST_TERMS + 5_000; i += 1_000) {
      documents.add(
          Tally.ofDocument(null, IntStream.range(i, i + 1_000).mapToObj(n -> "t" + n).toList()));
    }
    documents.forEach(forward::add);
    documents.reversed().forEach(backward::add);
    assertThat(forward.terms()).hasSize(Tally.MOST_TERMS).isEqualTo(backward.terms());
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'window': '0s'} | window",
        "{'window': '1h', 'every': '7m'} | every",
        "{'window': '30d', 'every': '1m'} | every",
        "{'by': ['categry']} | by",
        "{'by': ['column:documents']} | by",
        "{'baseline': 0} | baseline",
        "{'top_terms': -1} | top_terms"
      })
  void aWrongConfigurationIsRefusedByItsKey(String json, String key) {
    assertThatThrownBy(() -> config(json))
        .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.key()).isEqualTo(key));
  }
}
