package dev.dragoman.operators.analytics;

import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.config.StepConfig;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.coder.DocumentCoder;
import java.time.Duration;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Instant;

/**
 * Puts the documents of each key back in order: the updates of a ticket, the turns of a call.
 *
 * <p>They leave one after the other from one worker. A step behind it that spreads documents over
 * workers may mix them up again; one that works on each document as it comes does not.
 */
public final class Sort extends PTransform<PCollection<Document>, PCollection<Document>> {
  private static final long serialVersionUID = 1;

  /** The step's name in recipes. */
  public static final String NAME = "Sort";

  /** Stands for the time of a document in {@code by}. */
  static final String EVENT_TIME = "event_time";

  /** What is ordered by what. */
  @OperatorInfo(
      name = NAME,
      version = "1",
      summary = "Puts the documents of each key in the order of their times or of a field.",
      details =
          "A document waits until event time has passed it by `within`; then it leaves, behind those"
              + " of its key that come before it. One that is later than that leaves when it comes."
              + " Documents without a key pass at once. Put it right before the sink that needs the"
              + " order: steps that spread documents over workers do not keep it.")
  public record Config(
      @Param("The field whose documents are put in order: column:ticket_id, title, ...") String key,
      @Param(
              value =
                  "What they are ordered by: event_time, or a field, as numbers where they are"
                      + " numbers.",
              fallback = "\"event_time\"")
          String by,
      @Param(
              value =
                  "How much earlier, in event time, a document may be than one that belongs before"
                      + " it. With event_time 0s is enough.",
              fallback = "\"0s\"")
          Duration within)
      implements StepConfig {
    private static final long serialVersionUID = 1;

    public Config {
      DocumentField.named(NAME, "key", key);
      if (!by.equals(EVENT_TIME)) {
        DocumentField.named(NAME, "by", by);
        if (within.isZero()) {
          throw new ConfigException(
              "within",
              NAME
                  + ".within must be given with a field in 'by': how long to wait for a gap to fill");
        }
      }
    }
  }

  private final Config config;

  private Sort(Config config) {
    this.config = config;
  }

  /** An order as this configuration says. */
  public static Sort of(Config config) {
    return new Sort(config);
  }

  @Override
  public PCollection<Document> expand(PCollection<Document> documents) {
    return documents
        .apply("Globally", EventTimeWindows.global())
        .apply("Keys", ParDo.of(new Keys(new DocumentField(config.key))))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), new ArrivalCoder()))
        .apply("Order", ParDo.of(new InOrder(config)))
        .setCoder(DocumentCoder.of())
        .apply("As they came", EventTimeWindows.like(documents));
  }

  /** A document without a key is in order with itself. */
  private static final class Keys extends DoFn<Document, KV<String, Arrival>> {
    private static final long serialVersionUID = 1;
    private final DocumentField key;

    Keys(DocumentField key) {
      this.key = key;
    }

    @ProcessElement
    public void process(
        @Element Document document,
        @Timestamp Instant time,
        OutputReceiver<KV<String, Arrival>> out) {
      String value = key.of(document);
      out.output(
          KV.of(
              value == null ? "\0" + document.id() : value,
              new Arrival(true, time.getMillis(), document)));
    }
  }
}
