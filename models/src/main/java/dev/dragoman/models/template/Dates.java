package dev.dragoman.models.template;

import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.util.Locale;

/** {@code strftime} in the C locale. */
final class Dates {
  private Dates() {}

  static String format(LocalDateTime now, String format) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        out.append(c);
        continue;
      }
      boolean plain = format.charAt(i + 1) == '-' && i + 2 < format.length();
      i += plain ? 2 : 1;
      out.append(field(now, format.charAt(i), plain));
    }
    return out.toString();
  }

  private static String field(LocalDateTime now, char code, boolean plain) {
    int hour12 = (now.getHour() + 11) % 12 + 1;
    return switch (code) {
      case 'a' -> now.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'A' -> now.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'b', 'h' -> now.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'B' -> now.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'd' -> padded(now.getDayOfMonth(), 2, plain);
      case 'e' ->
          plain ? padded(now.getDayOfMonth(), 1, true) : "%2d".formatted(now.getDayOfMonth());
      case 'm' -> padded(now.getMonthValue(), 2, plain);
      case 'y' -> padded(Math.floorMod(now.getYear(), 100), 2, plain);
      case 'Y' -> Integer.toString(now.getYear());
      case 'H' -> padded(now.getHour(), 2, plain);
      case 'I' -> padded(hour12, 2, plain);
      case 'M' -> padded(now.getMinute(), 2, plain);
      case 'S' -> padded(now.getSecond(), 2, plain);
      case 'f' -> padded(now.getNano() / 1000, 6, plain);
      case 'j' -> padded(now.getDayOfYear(), 3, plain);
      case 'p' -> now.getHour() < 12 ? "AM" : "PM";
      case 'w' -> Integer.toString(now.getDayOfWeek().getValue() % 7);
      case 'u' -> Integer.toString(now.getDayOfWeek().getValue());
      case 'z', 'Z' -> "";
      case 'n' -> "\n";
      case 't' -> "\t";
      case '%' -> "%";
      case 'c' -> format(now, "%a %b %e %H:%M:%S %Y");
      case 'x', 'D' -> format(now, "%m/%d/%y");
      case 'X', 'T' -> format(now, "%H:%M:%S");
      case 'R' -> format(now, "%H:%M");
      case 'F' -> format(now, "%Y-%m-%d");
      default ->
          throw TemplateFailure.unsupported("the date field %%%c of strftime_now".formatted(code));
    };
  }

  private static String padded(int number, int width, boolean plain) {
    return plain ? Integer.toString(number) : ("%0" + width + "d").formatted(number);
  }
}
