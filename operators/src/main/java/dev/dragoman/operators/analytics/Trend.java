package dev.dragoman.operators.analytics;

import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.config.StepConfig;
import dev.dragoman.operators.record.Annotation.Rewrite;
import dev.dragoman.operators.record.Document;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.AfterWatermark;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;

/**
 * Counts documents by group and window, and holds each window against the ones before it.
 *
 * <p>A row is final: it comes when event time has passed the window's end and the allowed lateness,
 * once, and holds all documents that were not later than that. The windows before it that it is
 * compared with are equally complete.
 */
public final class Trend extends PTransform<PCollection<Document>, PCollection<Row>> {
  private static final long serialVersionUID = 1;

  /** The step's name in recipes. */
  public static final String NAME = "Trend";

  static final String WINDOW_START = "window_start";
  static final String WINDOW_END = "window_end";
  static final String DOCUMENTS = "documents";
  static final String MEAN_SENTIMENT = "mean_sentiment";
  static final String SENTIMENT_KNOWN = "sentiment_known";
  static final String TOP_TERMS = "top_terms";
  static final String BASELINE_WINDOWS = "baseline_windows";
  static final String BASELINE_DOCUMENTS = "baseline_documents";
  static final String RATIO = "ratio";
  static final String SURPRISE = "surprise";
  static final String BASELINE_SENTIMENT = "baseline_sentiment";

  static final Schema TERM =
      Schema.builder()
          .addStringField("term")
          .addInt64Field("documents")
          .addNullableField("expected", FieldType.DOUBLE)
          .build();

  private static final int MOST_WINDOWS_A_DOCUMENT = 288;
  private static final int MOST_BASELINE = 1000;
  private static final int MOST_TERMS = 1000;

  /** Which text the terms of a trend are taken from. */
  public enum TermsFrom {
    /** The text as it is. */
    TEXT,
    /** The summary; nothing where there is none. */
    SUMMARY,
    /** The masked text; the text where MaskPii did not run. */
    MASKED_TEXT
  }

  /** How documents are grouped and compared. */
  @OperatorInfo(
      name = NAME,
      version = "1",
      summary = "Counts, mean sentiment and top terms by group and window, against a baseline.",
      details =
          "One row a group and window of event time, when the window and the allowed lateness are"
              + " over: window_start, window_end, the fields of 'by', documents, mean_sentiment"
              + " (positive 1, neutral 0, negative -1, every document the same weight),"
              + " sentiment_known (how many have one), top_terms (term, documents, expected),"
              + " baseline_windows (how many of the windows before it count, from the group's"
              + " first on), baseline_documents (their mean, empty ones included), ratio"
              + " (documents to that mean), surprise (the difference in standard deviations: the"
              + " root of the mean, or of the trailing windows' variance if that is more) and"
              + " baseline_sentiment. Rows never change once they are there.")
  public record Config(
      @Param(value = "How long a window is.", fallback = "\"1h\"") Duration window,
      @Param(
              value =
                  "How often a window ends, for windows that overlap; window must be a multiple."
                      + " 0s: windows follow one another.",
              fallback = "\"0s\"")
          Duration every,
      @Param(
              value =
                  "What documents are grouped by: category, language, sentiment, media_type, ... or"
                      + " column:NAME for a column or message field. Empty: all together.",
              fallback = "[\"category\", \"language\"]")
          List<String> by,
      @Param(value = "How many terms a row holds; 0 for none.", fallback = "10") int topTerms,
      @Param(
              value =
                  "Where terms come from: text, summary, or masked_text, which is the text where"
                      + " MaskPii did not run.",
              fallback = "\"masked_text\"")
          TermsFrom termsFrom,
      @Param(
              value =
                  "How many windows before it a window is compared with: windows of the same length"
                      + " that do not overlap it or each other.",
              fallback = "24")
          int baseline,
      @Param(
              value =
                  "How long after a window's end, in event time, late documents still count. Rows"
                      + " wait that long; later documents are dropped and counted.",
              fallback = "\"0s\"")
          Duration allowedLateness,
      @Param(
              value =
                  "Also gives a row for a window without documents, as long as the group had some"
                      + " in the windows it is compared with.",
              fallback = "false")
          boolean emptyWindows)
      implements StepConfig {
    private static final long serialVersionUID = 1;

    public Config {
      by = List.copyOf(by);
      if (window.isZero()) {
        throw new ConfigException("window", NAME + ".window must be longer than 0s");
      }
      if (every.isZero()) {
        every = window;
      }
      if (window.toMillis() % every.toMillis() != 0) {
        throw new ConfigException(
            "every",
            NAME + ".every must go into window without a rest: 1h every 5m, not 1h every 7m");
      }
      if (window.toMillis() / every.toMillis() > MOST_WINDOWS_A_DOCUMENT) {
        throw new ConfigException(
            "every",
            NAME
                + ".every: a document would be in "
                + window.toMillis() / every.toMillis()
                + " windows; let them end less often (at most "
                + MOST_WINDOWS_A_DOCUMENT
                + " windows a document)");
      }
      if (baseline < 1 || baseline > MOST_BASELINE) {
        throw new ConfigException(
            "baseline", NAME + ".baseline must be 1 to " + MOST_BASELINE + ", not " + baseline);
      }
      if (topTerms < 0 || topTerms > MOST_TERMS) {
        throw new ConfigException(
            "top_terms", NAME + ".top_terms must be 0 to " + MOST_TERMS + ", not " + topTerms);
      }
      Set<String> columns = new HashSet<>(reserved());
      for (String field : by) {
        if (!columns.add(DocumentField.named(NAME, "by", field).column())) {
          throw new ConfigException(
              "by", NAME + ".by: there are two columns '" + field + "' then; leave one out");
        }
      }
    }

    private static List<String> reserved() {
      return List.of(
          WINDOW_START,
          WINDOW_END,
          DOCUMENTS,
          MEAN_SENTIMENT,
          SENTIMENT_KNOWN,
          TOP_TERMS,
          BASELINE_WINDOWS,
          BASELINE_DOCUMENTS,
          RATIO,
          SURPRISE,
          BASELINE_SENTIMENT);
    }

    List<DocumentField> fields() {
      return by.stream().map(field -> DocumentField.named(NAME, "by", field)).toList();
    }

    /** The columns of the rows. */
    public Schema schema() {
      Schema.Builder schema =
          Schema.builder().addDateTimeField(WINDOW_START).addDateTimeField(WINDOW_END);
      fields().forEach(field -> schema.addNullableField(field.column(), FieldType.STRING));
      return schema
          .addInt64Field(DOCUMENTS)
          .addNullableField(MEAN_SENTIMENT, FieldType.DOUBLE)
          .addInt64Field(SENTIMENT_KNOWN)
          .addArrayField(TOP_TERMS, FieldType.row(TERM))
          .addInt64Field(BASELINE_WINDOWS)
          .addNullableField(BASELINE_DOCUMENTS, FieldType.DOUBLE)
          .addNullableField(RATIO, FieldType.DOUBLE)
          .addNullableField(SURPRISE, FieldType.DOUBLE)
          .addNullableField(BASELINE_SENTIMENT, FieldType.DOUBLE)
          .build();
    }
  }

  private final String step;
  private final Config config;

  private Trend(String step, Config config) {
    this.step = step;
    this.config = config;
  }

  /**
   * The trend as this configuration says.
   *
   * @param step its name in metrics
   */
  public static Trend of(String step, Config config) {
    return new Trend(step, config);
  }

  @Override
  public PCollection<Row> expand(PCollection<Document> documents) {
    Coder<List<String>> group = ListCoder.of(StringUtf8Coder.of());
    Coder<Tally> tally = new TallyCoder();
    return documents
        .apply("Windows", windows())
        .apply("Groups", ParDo.of(new Groups(config)))
        .setCoder(KvCoder.of(group, tally))
        .apply("Count", Combine.perKey(new Sum()))
        .setCoder(KvCoder.of(group, tally))
        .apply("Ends", ParDo.of(new Ends()))
        .setCoder(KvCoder.of(group, KvCoder.of(VarLongCoder.of(), tally)))
        .apply("Globally", EventTimeWindows.global())
        .apply("Compare", ParDo.of(new TrendRows(step, config)))
        .setRowSchema(config.schema());
  }

  /** What comes late within bounds comes as a further pane, to be added to the first. */
  private Window<Document> windows() {
    var length = EventTimeWindows.of(config.window);
    WindowFn<Object, IntervalWindow> windows =
        config.every.equals(config.window)
            ? FixedWindows.of(length)
            : SlidingWindows.of(length).every(EventTimeWindows.of(config.every));
    return Window.<Document>into(windows)
        .triggering(
            AfterWatermark.pastEndOfWindow().withLateFirings(AfterPane.elementCountAtLeast(1)))
        .withOnTimeBehavior(Window.OnTimeBehavior.FIRE_IF_NON_EMPTY)
        .withAllowedLateness(
            EventTimeWindows.of(config.allowedLateness), Window.ClosingBehavior.FIRE_IF_NON_EMPTY)
        .discardingFiredPanes();
  }

  private static final class Groups extends DoFn<Document, KV<List<String>, Tally>> {
    private static final long serialVersionUID = 1;
    private final Config config;

    Groups(Config config) {
      this.config = config;
    }

    @ProcessElement
    public void process(@Element Document document, OutputReceiver<KV<List<String>, Tally>> out) {
      List<String> group = new ArrayList<>();
      for (DocumentField field : config.fields()) {
        String value = field.of(document);
        group.add(value == null ? "" : value);
      }
      Double sentiment =
          SentimentValue.eval(document.label("sentiment").map(label -> label.value()).orElse(null));
      out.output(
          KV.of(
              group,
              Tally.ofDocument(
                  sentiment, config.topTerms == 0 ? Set.of() : Terms.of(text(document)))));
    }

    private String text(Document document) {
      return switch (config.termsFrom) {
        case TEXT -> document.text();
        case SUMMARY -> document.rewrite("summary").map(Rewrite::value).orElse("");
        case MASKED_TEXT ->
            document.rewrite("masked").map(Rewrite::value).orElseGet(document::text);
      };
    }
  }

  private static final class Sum extends Combine.CombineFn<Tally, Tally, Tally> {
    private static final long serialVersionUID = 1;

    @Override
    public Tally createAccumulator() {
      return Tally.empty();
    }

    @Override
    public Tally addInput(Tally sum, Tally document) {
      return sum.add(document);
    }

    @Override
    public Tally mergeAccumulators(Iterable<Tally> sums) {
      Tally all = Tally.empty();
      sums.forEach(all::add);
      return all;
    }

    @Override
    public Tally extractOutput(Tally sum) {
      return sum;
    }

    @Override
    public Coder<Tally> getAccumulatorCoder(CoderRegistry registry, Coder<Tally> input) {
      return new TallyCoder();
    }

    @Override
    public Coder<Tally> getDefaultOutputCoder(CoderRegistry registry, Coder<Tally> input) {
      return new TallyCoder();
    }
  }

  private static final class Ends
      extends DoFn<KV<List<String>, Tally>, KV<List<String>, KV<Long, Tally>>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element KV<List<String>, Tally> tally,
        BoundedWindow window,
        OutputReceiver<KV<List<String>, KV<Long, Tally>>> out) {
      long end = window.maxTimestamp().getMillis() + 1;
      out.output(KV.of(tally.getKey(), KV.of(end, tally.getValue())));
    }
  }
}
