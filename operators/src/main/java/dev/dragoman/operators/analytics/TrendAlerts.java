package dev.dragoman.operators.analytics;

import dev.dragoman.operators.analytics.Alert.Kind;
import java.util.List;
import java.util.Locale;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.TypeName;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Instant;
import org.joda.time.ReadableInstant;
import org.jspecify.annotations.Nullable;

/** The alerts that each row of a trend gives reason for, by their kind and group. */
final class TrendAlerts extends DoFn<Row, KV<String, Row>> {
  private static final long serialVersionUID = 1;

  static final List<String> COLUMNS =
      List.of(
          Trend.WINDOW_START,
          Trend.WINDOW_END,
          Trend.DOCUMENTS,
          Trend.MEAN_SENTIMENT,
          Trend.SENTIMENT_KNOWN,
          Trend.BASELINE_WINDOWS,
          Trend.BASELINE_DOCUMENTS,
          Trend.RATIO,
          Trend.SURPRISE,
          Trend.BASELINE_SENTIMENT);

  private final Alert.Config config;

  TrendAlerts(Alert.Config config) {
    this.config = config;
  }

  @ProcessElement
  public void process(
      @Element Row trend, @Timestamp Instant time, OutputReceiver<KV<String, Row>> out) {
    if (number(trend, Trend.BASELINE_WINDOWS) < config.minBaselineWindows()) {
      return;
    }
    for (Kind kind : config.kinds()) {
      Row alert =
          switch (kind) {
            case SURGE -> surge(trend, time);
            case SENTIMENT_DROP -> sentimentDrop(trend, time);
            case PERSONAL_DATA -> null;
          };
      if (alert != null) {
        out.output(KV.of(kind + " " + alert.getString("group"), alert));
      }
    }
  }

  private @Nullable Row surge(Row trend, Instant time) {
    double ratio = number(trend, Trend.RATIO);
    double surprise = number(trend, Trend.SURPRISE);
    double documents = number(trend, Trend.DOCUMENTS);
    if (documents < config.minDocuments()
        || !(ratio >= config.minRatio())
        || !(surprise >= config.minSurprise())) {
      return null;
    }
    String message =
        String.format(
            Locale.ROOT,
            "%s: %.0f documents from %s to %s, %.1f times the %.1f of the %.0f windows before.",
            group(trend),
            documents,
            trend.getDateTime(Trend.WINDOW_START),
            trend.getDateTime(Trend.WINDOW_END),
            ratio,
            number(trend, Trend.BASELINE_DOCUMENTS),
            number(trend, Trend.BASELINE_WINDOWS));
    return alert(Kind.SURGE, trend, time, ratio, config.minRatio(), message);
  }

  private @Nullable Row sentimentDrop(Row trend, Instant time) {
    double mean = number(trend, Trend.MEAN_SENTIMENT);
    double before = number(trend, Trend.BASELINE_SENTIMENT);
    if (number(trend, Trend.SENTIMENT_KNOWN) < config.minSentiments()
        || !(before - mean >= config.minDrop())) {
      return null;
    }
    String message =
        String.format(
            Locale.ROOT,
            "%s: mean sentiment %.2f of %.0f documents from %s to %s, %.2f below the %.2f of the"
                + " %.0f windows before.",
            group(trend),
            mean,
            number(trend, Trend.SENTIMENT_KNOWN),
            trend.getDateTime(Trend.WINDOW_START),
            trend.getDateTime(Trend.WINDOW_END),
            before - mean,
            before,
            number(trend, Trend.BASELINE_WINDOWS));
    return alert(Kind.SENTIMENT_DROP, trend, time, before - mean, config.minDrop(), message);
  }

  private static Row alert(
      Kind kind, Row trend, Instant time, double value, double threshold, String message) {
    String group = group(trend);
    ReadableInstant start = trend.getDateTime(Trend.WINDOW_START);
    ReadableInstant end = trend.getDateTime(Trend.WINDOW_END);
    String name = kind.name().toLowerCase(Locale.ROOT);
    return Row.withSchema(Alert.schema())
        .addValue(AlertIds.of(name, group, String.valueOf(start), String.valueOf(end)))
        .addValue(time)
        .addValue(name)
        .addValue(group)
        .addValue(start)
        .addValue(end)
        .addValue(null)
        .addValue(null)
        .addValue(null)
        .addValue(null)
        .addValue(List.of())
        .addValue(value)
        .addValue(threshold)
        .addValue(message)
        .build();
  }

  /** The columns that are words are what a trend is grouped by. */
  private static String group(Row trend) {
    StringBuilder group = new StringBuilder();
    for (Schema.Field field : trend.getSchema().getFields()) {
      if (field.getType().getTypeName() == TypeName.STRING) {
        String value = trend.getString(field.getName());
        group
            .append(group.isEmpty() ? "" : ", ")
            .append(field.getName())
            .append('=')
            .append(value == null ? "?" : value);
      }
    }
    return group.isEmpty() ? "all documents" : group.toString();
  }

  private static double number(Row row, String column) {
    Object value = row.getValue(column);
    return value instanceof Number number ? number.doubleValue() : Double.NaN;
  }
}
