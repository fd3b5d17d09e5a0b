package dev.dragoman.operators.analytics;

import static dev.dragoman.operators.analytics.Tickets.ticket;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.WrittenTime;
import dev.dragoman.operators.record.coder.DocumentCoder;
import java.time.Instant;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.Reify;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class EventTimeTest {
  @ParameterizedTest
  @CsvSource({
    "2026-05-01T10:00:00Z, 2026-05-01T10:00:00Z",
    "2026-05-01T12:00:00+02:00, 2026-05-01T10:00:00Z",
    "2026-05-01 10:00:00.5, 2026-05-01T10:00:00.500Z",
    "2026-05-01, 2026-05-01T00:00:00Z",
    "1777629600, 2026-05-01T10:00:00Z",
    "1777629600000, 2026-05-01T10:00:00Z",
    "1777629600.25, 2026-05-01T10:00:00.250Z"
  })
  void timesAreReadAsPeopleWriteThem(String written, Instant time) {
    assertThat(WrittenTime.parse(written)).contains(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "2026-13-01",
        "10:00",
        "1e300",
        "99999999999999999999",
        "+999999999-01-01"
      })
  void whatIsNoTimeIsNone(String written) {
    assertThat(WrittenTime.parse(written)).isEmpty();
  }

  @Test
  void documentsGetTheTimeTheySayAndThoseThatSayNoneAreRejected() {
    Document fine = ticket("a", "x", "column:at", "2026-01-05T01:00:00Z");
    Document wrong = ticket("b", "x", "column:at", "soon");
    Document without = ticket("c", "x");
    List<String> timeless = List.of(wrong.id().value(), without.id().value());
    Pipeline pipeline = Tickets.pipeline();
    PCollectionTuple out =
        pipeline
            .apply(Create.of(fine, wrong, without).withCoder(DocumentCoder.of()))
            .apply(EventTime.of(new EventTime.Config("column:at")));
    PAssert.that(
            out.get(EventTime.DOCUMENTS)
                .apply(Reify.timestamps())
                .apply(
                    MapElements.into(TypeDescriptors.strings())
                        .via(timed -> timed.getTimestamp() + " " + timed.getValue().text())))
        .containsInAnyOrder("2026-01-05T01:00:00.000Z x");
    PAssert.that(out.get(EventTime.REJECTED))
        .satisfies(rejected -> {
          assertThat(rejected)
              .hasSize(2)
              .allSatisfy(
                  each -> assertThat(each.failure().code()).isEqualTo(RejectionCode.BAD_ROW))
              .extracting(each -> each.document().id().value())
              .containsExactlyInAnyOrderElementsOf(timeless);
          return null;
        });
    pipeline.run().waitUntilFinish();
  }
}
