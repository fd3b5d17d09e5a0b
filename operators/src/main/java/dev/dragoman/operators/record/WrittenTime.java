package dev.dragoman.operators.record;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A time as fields of rows and messages hold it. */
public final class WrittenTime {
  /** Below this, a number counts seconds; in seconds it is the year 5138. */
  private static final BigDecimal SECONDS_BELOW = new BigDecimal("100000000000");

  private static final Pattern NUMBER =
      Pattern.compile("-?[0-9]{1,18}(?:\\.[0-9]{1,18})?(?:[eE][+-]?[0-9]{1,2})?");

  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffset("+HH:mm", "Z")
          .toFormatter(Locale.ROOT);

  private WrittenTime() {}

  /**
   * Reads ISO 8601, without a zone as UTC, or a number of seconds or milliseconds since 1970; to
   * the millisecond; nothing if it is neither.
   */
  public static Optional<Instant> parse(String written) {
    String text = written.strip();
    try {
      if (NUMBER.matcher(text).matches()) {
        BigDecimal number = new BigDecimal(text);
        BigDecimal millis =
            number.abs().compareTo(SECONDS_BELOW) < 0 ? number.movePointRight(3) : number;
        return Optional.of(
            Instant.ofEpochMilli(millis.setScale(0, RoundingMode.FLOOR).longValueExact()));
      }
      Instant time =
          switch (ISO.parseBest(
              text.replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from, LocalDate::from)) {
            case OffsetDateTime zoned -> zoned.toInstant();
            case LocalDateTime local -> local.toInstant(ZoneOffset.UTC);
            case LocalDate day -> day.atStartOfDay(ZoneOffset.UTC).toInstant();
            default -> throw new DateTimeException(text);
          };
      return Optional.of(Instant.ofEpochMilli(time.toEpochMilli()));
    } catch (DateTimeException | ArithmeticException _) {
      return Optional.empty();
    }
  }
}
