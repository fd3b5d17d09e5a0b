package dev.dragoman.operators.analytics;

import dev.dragoman.models.Nearest;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.config.OperatorInfo;
import dev.dragoman.operators.config.Param;
import dev.dragoman.operators.config.StepConfig;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.text.PiiKind;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.RowCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;

/**
 * Rows that somebody should look at: a surge or a drop of the sentiment in the rows of {@link
 * Trend}, or personal data in documents where there should be none.
 */
public final class Alert {
  /** The step's name in recipes. */
  public static final String NAME = "Alert";

  static final Schema SPAN = Schema.builder().addInt32Field("start").addInt32Field("end").build();

  private static final Schema SCHEMA =
      Schema.builder()
          .addStringField("alert_id")
          .addDateTimeField("event_time")
          .addStringField("kind")
          .addStringField("group")
          .addNullableField("window_start", FieldType.DATETIME)
          .addNullableField("window_end", FieldType.DATETIME)
          .addNullableField("document_id", FieldType.STRING)
          .addNullableField("source_uri", FieldType.STRING)
          .addNullableField("pii_kind", FieldType.STRING)
          .addNullableField("field", FieldType.STRING)
          .addArrayField("offsets", FieldType.row(SPAN))
          .addDoubleField("value")
          .addDoubleField("threshold")
          .addStringField("message")
          .build();

  private Alert() {}

  /** What is looked for. */
  public enum Kind {
    /** Many more documents than in the windows before. */
    SURGE,
    /** A mean sentiment well below that of the windows before. */
    SENTIMENT_DROP,
    /** Personal data where the recipe does not want any. */
    PERSONAL_DATA
  }

  /** When to raise an alert. */
  @OperatorInfo(
      name = NAME,
      version = "1",
      summary = "Raises an alert for a surge, a drop of the sentiment, or personal data.",
      details =
          "surge and sentiment_drop take the rows of Trend, personal_data takes documents that"
              + " MaskPii has seen. One row an alert: alert_id (the same whenever it is raised"
              + " again from the same data, to upsert by), event_time, kind, group, window_start"
              + " and window_end, document_id, source_uri, pii_kind, field and offsets (code"
              + " points in the document's text), value, threshold and message. An alert never"
              + " holds the personal data.")
  public record Config(
      @Param("What to look for: surge, sentiment_drop (both over Trend), or personal_data.")
          List<Kind> kinds,
      @Param(
              value = "surge: how many times the baseline's documents there must be.",
              fallback = "2.0")
          double minRatio,
      @Param(
              value =
                  "surge: how many standard deviations above the baseline, which keeps small"
                      + " groups quiet.",
              fallback = "3.0")
          double minSurprise,
      @Param(value = "surge: how many documents a window must have at least.", fallback = "10")
          long minDocuments,
      @Param(
              value = "sentiment_drop: how far below the baseline, on the scale of -1 to 1.",
              fallback = "0.3")
          double minDrop,
      @Param(
              value = "sentiment_drop: how many documents with a sentiment a window must have.",
              fallback = "10")
          long minSentiments,
      @Param(
              value = "surge, sentiment_drop: how many windows the baseline must have at least.",
              fallback = "3")
          long minBaselineWindows,
      @Param(
              value =
                  "surge, sentiment_drop: an alert of the same kind and group is the same one"
                      + " until so long has gone by, in event time, without another window that"
                      + " would raise it. 0s raises one each window.",
              fallback = "\"1d\"")
          Duration quiet,
      @Param(
              value = "personal_data: the kinds that must not be there.",
              fallback =
                  "[\"email\", \"phone\", \"iban\", \"bsn\", \"card\", \"ip\", \"postcode\"]")
          List<PiiKind> forbidden,
      @Param(
              value =
                  "personal_data: the documents to look at, a field to its values: {category:"
                      + " [complaint], \"column:channel\": [chat, forum]}. Empty: all.",
              fallback = "{}")
          Map<String, List<String>> where,
      @Param(
              value =
                  "personal_data: the parts to look at, by their ids up to a colon: text, page,"
                      + " ocr, transcript, ... Empty: all.",
              fallback = "[]")
          List<String> parts,
      @Param(
              value = "personal_data: findings that MaskPii is less sure of do not count.",
              fallback = "0.5")
          double minConfidence)
      implements StepConfig {
    private static final long serialVersionUID = 1;

    public Config {
      kinds = List.copyOf(kinds);
      forbidden = List.copyOf(forbidden);
      parts = List.copyOf(parts);
      where = Collections.unmodifiableMap(new LinkedHashMap<>(where));
      if (kinds.isEmpty()) {
        throw new ConfigException("kinds", NAME + ".kinds must name at least one kind");
      }
      if (kinds.contains(Kind.PERSONAL_DATA) && kinds.stream().anyMatch(Alert::overTrend)) {
        throw new ConfigException(
            "kinds",
            NAME
                + ".kinds: personal_data looks at documents, the others at the rows of Trend; make"
                + " two steps of it");
      }
      if (kinds.contains(Kind.PERSONAL_DATA) && forbidden.isEmpty()) {
        throw new ConfigException(
            "forbidden", NAME + ".forbidden must name at least one kind of personal data");
      }
      if (minRatio <= 0) {
        throw new ConfigException("min_ratio", NAME + ".min_ratio must be above 0: " + minRatio);
      }
      if (minDrop <= 0 || minDrop > 2) {
        throw new ConfigException("min_drop", NAME + ".min_drop must be 0 to 2, not " + minDrop);
      }
      if (minBaselineWindows < 1) {
        throw new ConfigException(
            "min_baseline_windows", NAME + ".min_baseline_windows must be at least 1");
      }
      where.keySet().forEach(field -> DocumentField.named(NAME, "where", field));
    }

    /** Whether it takes documents; the rows of a {@link Trend} otherwise. */
    public boolean takesDocuments() {
      return kinds.contains(Kind.PERSONAL_DATA);
    }

    /**
     * Checks that the rows have what is looked at.
     *
     * @throws ConfigException naming the column that is missing
     */
    public void check(Schema rows) {
      for (String column : TrendAlerts.COLUMNS) {
        if (!rows.hasField(column)) {
          throw new ConfigException(
              "kinds",
              NAME
                  + ": its input has no column '"
                  + column
                  + "'"
                  + Nearest.hint(column, rows.getFieldNames())
                  + "; surge and sentiment_drop take the rows of "
                  + Trend.NAME);
        }
      }
    }
  }

  /** The columns of an alert. Columns are only ever added at the end. */
  public static Schema schema() {
    return SCHEMA;
  }

  /** Alerts over the rows of a {@link Trend}. */
  public static PTransform<PCollection<Row>, PCollection<Row>> rows(Config config) {
    return PTransform.compose(
        NAME,
        trend -> {
          config.check(trend.getSchema());
          return trend
              .apply("Globally", EventTimeWindows.global())
              .apply("Look", ParDo.of(new TrendAlerts(config)))
              .setCoder(KvCoder.of(StringUtf8Coder.of(), RowCoder.of(SCHEMA)))
              .apply("Quiet", ParDo.of(new Quiet(config.quiet)))
              .setRowSchema(SCHEMA);
        });
  }

  /** Alerts over documents. */
  public static PTransform<PCollection<Document>, PCollection<Row>> documents(Config config) {
    return PTransform.compose(
        NAME,
        documents ->
            documents.apply("Look", ParDo.of(new PersonalDataAlerts(config))).setRowSchema(SCHEMA));
  }

  private static boolean overTrend(Kind kind) {
    return switch (kind) {
      case SURGE, SENTIMENT_DROP -> true;
      case PERSONAL_DATA -> false;
    };
  }
}
