package dev.dragoman.operators.analytics;

import static dev.dragoman.operators.analytics.Tickets.at;
import static dev.dragoman.operators.analytics.Tickets.ticket;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dragoman.operators.Operator;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.Configs;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.coder.DocumentCoder;
import dev.dragoman.operators.record.coder.DocumentRows;
import dev.dragoman.operators.text.MaskPii;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TimestampedValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On the real direct runner. */
@Timeout(120)
class AlertTest {
  private static final Trend.Config TREND =
      TrendTest.config("{'by': ['category'], 'baseline': 24, 'top_terms': 0}");

  private static Alert.Config config(String json) throws JsonProcessingException {
    return Configs.configure(
        Alert.Config.class, new ObjectMapper().readTree(json.replace('\'', '"')));
  }

  private static List<Row> alerts(Alert.Config config, List<TimestampedValue<Document>> tickets) {
    Pipeline pipeline = Tickets.pipeline();
    return Tickets.run(
        pipeline,
        pipeline
            .apply(Create.timestamped(tickets).withCoder(DocumentCoder.of()))
            .apply(Trend.of("Trend", TREND))
            .apply(Alert.rows(config)),
        Row.class);
  }

  /** As many tickets in each hour as the counts say. */
  private static List<TimestampedValue<Document>> hours(String sentiment, int... counts) {
    List<TimestampedValue<Document>> tickets = new ArrayList<>();
    for (int hour = 0; hour < counts.length; hour++) {
      for (int i = 0; i < counts[hour]; i++) {
        String name = hour + "/" + i;
        tickets.add(
            at(
                hour + (double) i / counts[hour],
                ticket(name, "x", "category", "billing", "sentiment", sentiment)));
      }
    }
    Collections.shuffle(tickets, new Random(2));
    return tickets;
  }

  private static List<Integer> hoursOf(List<Row> alerts) {
    return alerts.stream()
        .map(alert -> requireNonNull(alert.getDateTime("window_start")).getMillis())
        .map(start -> (int) ((start - Tickets.START) / Tickets.HOUR))
        .sorted()
        .toList();
  }

  @Test
  void aSurgeIsToldOnceWhileItLastsAndAgainWhenItComesBack() throws Exception {
    List<TimestampedValue<Document>> tickets =
        hours("neutral", 4, 4, 4, 4, 40, 60, 80, 4, 4, 4, 4, 100, 4);
    assertThat(hoursOf(alerts(config("{'kinds': ['surge'], 'quiet': '3h'}"), tickets)))
        .containsExactly(4, 11);
    assertThat(hoursOf(alerts(config("{'kinds': ['surge'], 'quiet': '1d'}"), tickets)))
        .containsExactly(4);
    assertThat(hoursOf(alerts(config("{'kinds': ['surge'], 'quiet': '0s'}"), tickets)))
        .containsExactly(4, 5, 11);
  }

  @Test
  void anAlertSaysWhatAndWhereAndHasTheSameIdEveryTime() throws Exception {
    Alert.Config config = config("{'kinds': ['surge', 'sentiment_drop']}");
    List<Row> alerts = alerts(config, hours("neutral", 4, 4, 4, 4, 40));
    assertThat(alerts).hasSize(1).isEqualTo(alerts(config, hours("neutral", 4, 4, 4, 4, 40)));
    Row alert = alerts.getFirst();
    assertThat(alert.getString("kind")).isEqualTo("surge");
    assertThat(alert.getString("group")).isEqualTo("category=billing");
    assertThat(alert.getString("message"))
        .isEqualTo(
            "category=billing: 40 documents from 2026-01-05T04:00:00.000Z to"
                + " 2026-01-05T05:00:00.000Z, 10.0 times the 4.0 of the 4 windows before.");
    assertThat(alert.getString("alert_id")).matches("[0-9a-f]{32}");
    assertThat(alert.getDouble("value")).isEqualTo(10);
    assertThat(alert.getDouble("threshold")).isEqualTo(2);
  }

  @Test
  void fewDocumentsOrAShortBaselineAreNoSurge() throws Exception {
    Alert.Config config = config("{'kinds': ['surge'], 'min_documents': 10}");
    assertThat(alerts(config, hours("neutral", 1, 1, 1, 1, 9))).isEmpty();
    assertThat(alerts(config, hours("neutral", 4, 4, 40))).isEmpty();
  }

  @Test
  void aDropOfTheSentimentIsTold() throws Exception {
    List<TimestampedValue<Document>> tickets = new ArrayList<>(hours("positive", 12, 12, 12));
    for (int i = 0; i < 12; i++) {
      String sentiment = i < 6 ? "negative" : "positive";
      tickets.add(at(3.5, ticket("d" + i, "x", "category", "billing", "sentiment", sentiment)));
    }
    List<Row> alerts = alerts(config("{'kinds': ['sentiment_drop']}"), tickets);
    assertThat(hoursOf(alerts)).containsExactly(3);
    assertThat(alerts.getFirst().getDouble("value")).isEqualTo(1.0);
  }

  @Test
  void personalDataIsToldWithoutTheDataWhereItMustNotBe() throws Exception {
    String text = "\uD83D\uDE00 mail me: jan@example.com or piet@example.com";
    List<Document> found = new ArrayList<>();
    try (Operator mask = Configs.defaults(MaskPii.Config.class).open(OperatorContext.local())) {
      for (Outcome outcome :
          mask.apply(
              List.of(
                  ticket("a", text, "category", "review"),
                  ticket("b", text, "category", "billing"),
                  ticket("c", "nothing", "category", "review")))) {
        found.add(((Outcome.Enriched) outcome).document());
      }
    }
    Pipeline pipeline = Tickets.pipeline();
    List<Row> alerts =
        Tickets.run(
            pipeline,
            pipeline
                .apply(Create.of(found).withCoder(DocumentCoder.of()))
                .apply(
                    Alert.documents(
                        config("{'kinds': ['personal_data'], 'where': {'category': ['review']}}"))),
            Row.class);
    assertThat(alerts).hasSize(1);
    Row alert = alerts.getFirst();
    assertThat(alert.toString()).doesNotContain("example.com");
    assertThat(alert.getString("document_id")).isEqualTo(found.getFirst().id().value());
    assertThat(alert.getString("pii_kind")).isEqualTo("email");
    assertThat(alert.getString("field")).isEqualTo("text");
    Row first = alert.<Row>getArray("offsets").iterator().next();
    int start = text.indexOf("jan@");
    assertThat(first.getInt32("start")).isEqualTo(text.codePointCount(0, start));
    assertThat(alert.getDouble("value")).isEqualTo(2);
  }

  @Test
  void wrongConfigurationsAndInputsAreRefused() throws Exception {
    assertThatThrownBy(() -> config("{'kinds': ['surge', 'personal_data']}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("make two steps of it");
    assertThatThrownBy(() -> config("{'kinds': ['personal_data'], 'where': {'categry': ['x']}}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("did you mean 'category'?");
    Alert.Config surge = config("{'kinds': ['surge']}");
    assertThatThrownBy(() -> surge.check(DocumentRows.schema()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no column 'window_start'");
    surge.check(TREND.schema());
  }
}
