package dev.dragoman.operators.analytics;

import static dev.dragoman.operators.analytics.Tickets.at;
import static dev.dragoman.operators.analytics.Tickets.ticket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.record.Document;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On the real direct runner. */
@Timeout(60)
class SortTest {
  private static Document update(String text, String number) {
    return ticket(text, text, "column:ticket", "17", "column:turn", number);
  }

  private static List<String> sorted(Sort.Config config, TestStream<Document> stream) {
    Pipeline pipeline = Tickets.pipeline();
    return Tickets.run(pipeline, pipeline.apply(stream).apply(Sort.of(config)), Document.class)
        .stream()
        .map(Document::text)
        .toList();
  }

  @Test
  void updatesLeaveInTheOrderOfTheirTimesAndALateOneWhenItComes() {
    TestStream<Document> stream =
        Tickets.stream()
            .addElements(at(0.4, update("d", "4")), at(0.2, update("b", "2")))
            .addElements(at(0.1, update("a", "1")))
            .advanceWatermarkTo(at(0.15))
            .addElements(at(0.3, update("c", "3")))
            .advanceWatermarkTo(at(0.5))
            .addElements(at(0.35, update("late", "3.5")))
            .advanceWatermarkTo(at(0.6))
            .addElements(at(0.7, update("e", "5")))
            .advanceWatermarkToInfinity();
    assertThat(sorted(new Sort.Config("column:ticket", "event_time", Duration.ZERO), stream))
        .containsExactly("a", "b", "c", "d", "late", "e");
  }

  @Test
  void turnsLeaveInTheOrderOfTheirNumbersUnlessOneIsTooLongInComing() {
    TestStream<Document> stream =
        Tickets.stream()
            .addElements(at(0.11, update("ten", "10")), at(0.12, update("nine", "9")))
            .addElements(at(0.10, update("eleven", "11")))
            .advanceWatermarkTo(at(0.7))
            .addElements(at(0.8, update("eight", "8")))
            .advanceWatermarkToInfinity();
    assertThat(
            sorted(new Sort.Config("column:ticket", "column:turn", Duration.ofMinutes(30)), stream))
        .containsExactly("nine", "ten", "eleven", "eight");
  }

  @Test
  void anOrderByAFieldHasToSayHowLongToWait() {
    assertThatThrownBy(() -> new Sort.Config("column:ticket", "column:turn", Duration.ZERO))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("Sort.within");
  }
}
