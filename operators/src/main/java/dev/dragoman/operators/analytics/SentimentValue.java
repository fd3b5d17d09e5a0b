package dev.dragoman.operators.analytics;

import org.apache.beam.sdk.extensions.sql.BeamSqlUdf;
import org.jspecify.annotations.Nullable;

/** What a sentiment counts in a mean: 1, 0 or -1; nothing where there is none or another word. */
public final class SentimentValue implements BeamSqlUdf {
  private static final long serialVersionUID = 1;

  /** What it is called in a query. */
  public static final String NAME = "SENTIMENT_VALUE";

  /** The value of a sentiment. */
  public static @Nullable Double eval(@Nullable String sentiment) {
    return switch (sentiment) {
      case "positive" -> 1.0;
      case "neutral" -> 0.0;
      case "negative" -> -1.0;
      case null, default -> null;
    };
  }
}
