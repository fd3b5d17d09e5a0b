package dev.dragoman.operators.analytics;

import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.config.StepConfig;
import dev.dragoman.operators.metrics.MetricNames;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.coder.DocumentCoder;
import java.time.Duration;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;

/**
 * Joins the documents of another step to those that have the same key and about the same time: its
 * calls to a ticket.
 *
 * <p>What comes out are the documents of the left input, with their timestamps and in their
 * windows. What was joined to them are all documents of the right input within reach, in the order
 * of their times, however either of them came: each waits, in state, until event time has passed
 * what could still be joined.
 */
public final class Join extends PTransform<PCollectionTuple, PCollection<Document>> {
  private static final long serialVersionUID = 1;

  /** The step's name in recipes. */
  public static final String NAME = "Join";

  static final String VERSION = "1";

  /** The documents that others are joined to. */
  public static final TupleTag<Document> LEFT =
      new TupleTag<>("left") {
        private static final long serialVersionUID = 1;
      };

  /** The documents that are joined to others. */
  public static final TupleTag<Document> RIGHT =
      new TupleTag<>("right") {
        private static final long serialVersionUID = 1;
      };

  /** What becomes of a document that nothing was joined to. */
  public enum Unmatched {
    /** It goes on as it is. */
    EMIT,
    /** It ends here. */
    DROP
  }

  /** When a document goes on. */
  public enum Emit {
    /** As soon as something can be joined to it, without what comes later. */
    FIRST,
    /** When nothing that belongs to it can come any more. */
    EXPIRY
  }

  /** What belongs together. */
  @OperatorInfo(
      name = NAME,
      version = VERSION,
      summary = "Joins documents of another step that have the same key, such as calls to tickets.",
      details =
          "A document gets the text parts of the other step's documents with its key whose times"
              + " are within reach, with what was found in them. Their ids begin with the name of"
              + " that step; labels of theirs become fields NAME.label and rewrites NAME.rewrite,"
              + " so that none stands in for one of the document's own; pictures, sounds, the file"
              + " and embeddings of a whole document stay behind. A label 'joined' a document names"
              + " its id and source. Put MaskPii behind a join: a masked text holds what was there"
              + " when it was made.")
  public record Config(
      @Param("The name of the step whose documents are joined to those of the input.") String with,
      @Param("The field of the input's documents that is the key: title, column:ticket_id, ...")
          String leftKey,
      @Param("The field of the other step's documents that is the key.") String rightKey,
      @Param(
              value = "How far apart, in event time, two documents may be, either way.",
              fallback = "\"1h\"")
          Duration within,
      @Param(
              value = "What becomes of documents with no match: emit or drop.",
              fallback = "\"emit\"")
          Unmatched unmatched,
      @Param(
              value =
                  "When a document goes on: expiry, when event time has passed it by 'within', with"
                      + " all its matches, the same on every run; or first, with the first matches"
                      + " there are, sooner, but what they are depends on the order of arrival.",
              fallback = "\"expiry\"")
          Emit emit)
      implements StepConfig {
    private static final long serialVersionUID = 1;

    public Config {
      if (with.isBlank()) {
        throw new ConfigException("with", NAME + ".with must name a step");
      }
      DocumentField.named(NAME, "left_key", leftKey);
      DocumentField.named(NAME, "right_key", rightKey);
      if (within.isZero()) {
        throw new ConfigException("within", NAME + ".within must be longer than 0s");
      }
    }
  }

  private final String step;
  private final Config config;

  private Join(String step, Config config) {
    this.step = step;
    this.config = config;
  }

  /**
   * A join as this configuration says, of the inputs {@link #LEFT} and {@link #RIGHT}.
   *
   * @param step its name in metrics
   */
  public static Join of(String step, Config config) {
    return new Join(step, config);
  }

  @Override
  public PCollection<Document> expand(PCollectionTuple inputs) {
    PCollection<Document> left = inputs.get(LEFT);
    PCollection<KV<String, Arrival>> lefts =
        keyed("Left", left, new DocumentField(config.leftKey), true);
    PCollection<KV<String, Arrival>> rights =
        keyed("Right", inputs.get(RIGHT), new DocumentField(config.rightKey), false);
    PCollection<Document> joined =
        PCollectionList.of(lefts)
            .and(rights)
            .apply("Both", Flatten.pCollections())
            .apply("Match", ParDo.of(new JoinMatches(config)))
            .setCoder(DocumentCoder.of());
    return joined.apply("As they came", EventTimeWindows.like(left));
  }

  private PCollection<KV<String, Arrival>> keyed(
      String name, PCollection<Document> documents, DocumentField key, boolean left) {
    return documents
        .apply(name + " globally", EventTimeWindows.global())
        .apply(name, ParDo.of(new Keyed(step, key, left)))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), new ArrivalCoder()));
  }

  /** A document without a key has matches with none; on the left it goes its way alone. */
  private static final class Keyed extends DoFn<Document, KV<String, Arrival>> {
    private static final long serialVersionUID = 1;
    private final DocumentField key;
    private final boolean left;
    private final Counter withoutKey;

    Keyed(String step, DocumentField key, boolean left) {
      this.key = key;
      this.left = left;
      this.withoutKey = MetricNames.counter(step, left ? "left_without_key" : "right_without_key");
    }

    @ProcessElement
    public void process(
        @Element Document document,
        @Timestamp Instant time,
        OutputReceiver<KV<String, Arrival>> out) {
      String value = key.of(document);
      if (value == null) {
        withoutKey.inc();
        if (left) {
          out.output(KV.of("\0" + document.id(), new Arrival(true, time.getMillis(), document)));
        }
        return;
      }
      out.output(
          KV.of(
              value, new Arrival(left, time.getMillis(), left ? document : Joined.lean(document))));
    }
  }
}
