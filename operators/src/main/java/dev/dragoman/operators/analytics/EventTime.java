package dev.dragoman.operators.analytics;

import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.config.StepConfig;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Failure;
import dev.dragoman.operators.record.Rejected;
import dev.dragoman.operators.record.RejectionCode;
import dev.dragoman.operators.record.WrittenTime;
import dev.dragoman.operators.record.coder.DocumentCoder;
import dev.dragoman.operators.record.coder.RejectedCoder;
import java.util.Optional;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Gives documents the time that a field of theirs says, as a source of messages does by itself, so
 * that a run over files counts in the same windows.
 */
public final class EventTime extends PTransform<PCollection<Document>, PCollectionTuple> {
  private static final long serialVersionUID = 1;

  /** The step's name in recipes. */
  public static final String NAME = "EventTime";

  /** The documents at their times. */
  public static final TupleTag<Document> DOCUMENTS =
      new TupleTag<>("documents") {
        private static final long serialVersionUID = 1;
      };

  /** Documents that do not say their time. */
  public static final TupleTag<Rejected> REJECTED =
      new TupleTag<>("rejected") {
        private static final long serialVersionUID = 1;
      };

  /** Which field says the time. */
  @OperatorInfo(
      name = NAME,
      version = "1",
      summary = "Takes the event time of documents from a field of theirs.",
      details =
          "For windows over files, whose documents have no time, or that of the file where"
              + " ReadFiles watches. ISO 8601 (without a zone as UTC), or a number of seconds or"
              + " milliseconds since 1970. A document without one is rejected. In a stream give the"
              + " source the field instead: times that are set later than at the source may be late"
              + " for their windows.")
  public record Config(
      @Param("The field: column:created_at for the column or message field created_at.")
          String field)
      implements StepConfig {
    private static final long serialVersionUID = 1;

    public Config {
      DocumentField.named(NAME, "field", field);
    }
  }

  private final Config config;

  private EventTime(Config config) {
    this.config = config;
  }

  /** Times as this configuration says. */
  public static EventTime of(Config config) {
    return new EventTime(config);
  }

  @Override
  public PCollectionTuple expand(PCollection<Document> documents) {
    PCollectionTuple timed =
        documents.apply(
            "Time",
            ParDo.of(new Time(new DocumentField(config.field)))
                .withOutputTags(DOCUMENTS, TupleTagList.of(REJECTED)));
    return PCollectionTuple.of(DOCUMENTS, timed.get(DOCUMENTS).setCoder(DocumentCoder.of()))
        .and(REJECTED, timed.get(REJECTED).setCoder(RejectedCoder.of()));
  }

  private static final class Time extends DoFn<Document, Document> {
    private static final long serialVersionUID = 1;
    private final DocumentField field;

    Time(DocumentField field) {
      this.field = field;
    }

    @ProcessElement
    public void process(@Element Document document, MultiOutputReceiver out) {
      String written = field.of(document);
      Optional<Instant> time =
          Optional.ofNullable(written)
              .flatMap(WrittenTime::parse)
              .map(instant -> Instant.ofEpochMilli(instant.toEpochMilli()))
              .filter(instant ->
                  instant.isAfter(BoundedWindow.TIMESTAMP_MIN_VALUE)
                      && instant.isBefore(BoundedWindow.TIMESTAMP_MAX_VALUE));
      if (time.isPresent()) {
        out.get(DOCUMENTS).outputWithTimestamp(document, time.get());
      } else {
        out.get(REJECTED).output(new Rejected(document, failure(written == null)));
      }
    }

    private Failure failure(boolean missing) {
      return new Failure(
          RejectionCode.BAD_ROW,
          NAME,
          missing
              ? "it has no field '" + field.name() + "' to take its time from"
              : "its field '"
                  + field.name()
                  + "' is no time; write ISO 8601 (2026-05-01T10:00:00Z) or a number of seconds or"
                  + " milliseconds since 1970",
          1);
    }

    /** What was read earlier may have happened long before. */
    @Override
    @Deprecated
    public Duration getAllowedTimestampSkew() {
      return Duration.millis(Long.MAX_VALUE);
    }
  }
}
