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
    int length = text.length();
    int first = nextDigit(text, 0);
    while (first < length) {
      int last = first;
      int digits = 1;
      int next = nextDigit(text, first + 1);
      while (next < length && next - last - 1 <= WIDEST_GAP) {
        last = next;
        digits++;
        next = nextDigit(text, next + 1);
      }
      if (digits >= LEAST_DIGITS) {
        findIn(text, Math.max(0, first - 6), Math.min(length, last + 12), found);
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

  private void findIn(String text, int from, int to, List<Pii> found) {
    CharSequence slice = text.substring(from, to);
    for (String region : regions) {
      for (PhoneNumberMatch match :
          util.findNumbers(slice, region, Leniency.VALID, 10 + slice.length() / 4)) {
        String raw = match.rawString();
        boolean halfBracket = raw.startsWith("(") && raw.indexOf(')') < 0;
        int start = from + match.start() + (halfBracket ? 1 : 0);
        double confidence = confidence(text, start, raw.substring(halfBracket ? 1 : 0));
        if (confidence > 0) {
          String value = util.format(match.number(), PhoneNumberFormat.E164);
          found.add(new Pii(PiiKind.PHONE, start, from + match.end(), value, confidence));
        }
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
