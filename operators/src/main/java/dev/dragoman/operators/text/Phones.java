package dev.dragoman.operators.text;

import com.google.i18n.phonenumbers.PhoneNumberMatch;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.Leniency;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds telephone numbers that libphonenumber holds for valid. One written with neither a country
 * code nor a trunk zero needs a word before it that speaks of telephones, or the punctuation that
 * only telephone numbers have; one that is labelled as something else is left alone.
 */
final class Phones implements PiiRule {
  /** The fewest digits of a telephone number. */
  private static final int LEAST_DIGITS = 7;

  /** The widest gap within a number: {@code ) - (}. */
  private static final int WIDEST_GAP = 4;

  /** The longest row of digits within a number: a country code and all of the rest. */
  private static final int LONGEST_RUN = 17;

  /** Where a longer row of numbers is cut, for example a column of a table. */
  private static final int MOST_DIGITS_AT_ONCE = 60;

  private static final Pattern PUNCTUATED =
      Pattern.compile(
          "\\(\\d{3}\\) ?\\d{3}[-. ]\\d{4}|\\d{3}-\\d{3}-\\d{4}|\\d{3}\\.\\d{3}\\.\\d{4}");

  private final PhoneNumberUtil util = PhoneNumberUtil.getInstance();
  private final List<String> regions;

  Phones(List<String> regions) {
    this.regions = regions;
  }

  @Override
  public void find(String text, List<Pii> found) {
    int first = nextDigit(text, 0);
    while (first < text.length()) {
      int end = runEnd(text, first);
      int digits = end - first;
      int next = nextDigit(text, end);
      while (digits <= MOST_DIGITS_AT_ONCE
          && next < text.length()
          && next - end <= WIDEST_GAP
          && runEnd(text, next) - next <= LONGEST_RUN) {
        end = runEnd(text, next);
        digits += end - next;
        next = nextDigit(text, end);
      }
      if (digits >= LEAST_DIGITS
          && runEnd(text, first) - first <= LONGEST_RUN
          && mayHoldNumber(text, first, end)) {
        findIn(text, Math.max(0, first - 6), Math.min(text.length(), end + 12), digits, found);
      }
      first = next;
    }
  }

  private static int nextDigit(String text, int from) {
    int i = from;
    while (i < text.length() && !Character.isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static int runEnd(String text, int from) {
    int i = from;
    while (i < text.length() && Character.isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  /** Whether something is there that {@link #confidence} accepts; libphonenumber costs far more. */
  private static boolean mayHoldNumber(String text, int first, int end) {
    for (int i = first; i < end; i++) {
      char c = text.charAt(i);
      char before = i == 0 ? ' ' : text.charAt(i - 1);
      if (before == '+'
          || before == '('
          || (Character.digit(c, 10) == 0 && !Character.isDigit(before))) {
        return true;
      }
    }
    return PUNCTUATED.matcher(text).region(first, end).find()
        || PiiContext.speaksOfPhones(text, first);
  }

  /** In the order of the regions, until too few digits are left for another number. */
  private void findIn(String text, int from, int to, int digits, List<Pii> found) {
    CharSequence slice = text.substring(from, to);
    int left = digits;
    for (String region : regions) {
      for (PhoneNumberMatch match :
          util.findNumbers(slice, region, Leniency.VALID, 4 + slice.length() / 8)) {
        String raw = match.rawString();
        boolean halfBracket = raw.startsWith("(") && raw.indexOf(')') < 0;
        int start = from + match.start() + (halfBracket ? 1 : 0);
        int end = from + match.end();
        double confidence = confidence(text, start, raw.substring(halfBracket ? 1 : 0));
        if (confidence > 0) {
          String value = util.format(match.number(), PhoneNumberFormat.E164);
          found.add(new Pii(PiiKind.PHONE, start, end, value, confidence));
          left -= (int) raw.chars().filter(Character::isDigit).count();
        }
      }
      if (left < LEAST_DIGITS) {
        return;
      }
    }
  }

  private static double confidence(String text, int start, String raw) {
    if (PiiContext.isLabelledOtherwise(text, start) || PiiContext.isWithinAccount(text, start)) {
      return 0;
    }
    if (raw.startsWith("+") || raw.startsWith("00") || raw.startsWith("(+")) {
      return 0.95;
    }
    if (raw.startsWith("0") || raw.startsWith("(0")) {
      return 0.9;
    }
    if (PiiContext.speaksOfPhones(text, start)) {
      return 0.85;
    }
    return PUNCTUATED.matcher(raw).matches() ? 0.8 : 0;
  }
}
