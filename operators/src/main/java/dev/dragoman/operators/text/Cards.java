package dev.dragoman.operators.text;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds payment card numbers (ISO/IEC 7812): a known issuer's prefix with one of its lengths, the
 * Luhn check digit, in one or in the groups printed on cards.
 */
final class Cards implements PiiRule {
  /** Visa, Mastercard, American Express, Discover, Diners Club, JCB, UnionPay, Maestro. */
  private static final Pattern ISSUED =
      Pattern.compile(
          "4(?:\\d{12}|\\d{15}|\\d{18})"
              + "|(?:5[1-5]\\d{2}|222[1-9]|22[3-9]\\d|2[3-6]\\d{2}|27[01]\\d|2720)\\d{12}"
              + "|3[47]\\d{13}"
              + "|(?:6011|64[4-9]\\d|65\\d{2})\\d{12,15}"
              + "|3(?:0[0-5]|095|[689]\\d)\\d{11}"
              + "|35(?:2[89]|[3-8]\\d)\\d{12,15}"
              + "|62\\d{14,17}"
              + "|(?:5018|5020|5038|5893|6304|6759|676[1-3])\\d{8,15}");

  @Override
  public void find(String text, List<Pii> found) {
    for (DigitGroups row : DigitGroups.in(text)) {
      for (int first = 0; first < row.count(); first++) {
        for (int end = Math.min(row.count(), first + 5); end > first; end--) {
          if (!grouped(row, first, end)) {
            continue;
          }
          String digits = row.digits(first, end);
          int start = row.starts().get(first);
          if (ISSUED.matcher(digits).matches()
              && luhn(digits)
              && row.standAlone(first, end)
              && !followsLetters(text, start)
              && !PiiContext.isLabelledOtherwise(text, start)) {
            found.add(new Pii(PiiKind.CARD, start, row.ends().get(end - 1), digits, 0.96));
            first = end - 1;
            break;
          }
        }
      }
    }
  }

  /** As in the serial number {@code SN-4539-1488-0343-6467}. */
  private static boolean followsLetters(String text, int start) {
    return start > 1 && text.charAt(start - 1) == '-' && Character.isLetter(text.charAt(start - 2));
  }

  /** Written in one, in fours with a shorter last group, 4-6-5 or 4-6-4. */
  private static boolean grouped(DigitGroups row, int first, int end) {
    int groups = end - first;
    if (groups == 1) {
      return row.size(first) >= 12 && row.size(first) <= 19;
    }
    if (groups == 3 && row.size(first + 1) == 6) {
      return row.size(first) == 4 && (row.size(first + 2) == 4 || row.size(first + 2) == 5);
    }
    for (int g = first; g < end - 1; g++) {
      if (row.size(g) != 4) {
        return false;
      }
    }
    return groups >= 3 && row.size(end - 1) <= 4;
  }

  /** Whether the last digit is the Luhn check digit (ISO/IEC 7812-1, annex B). */
  static boolean luhn(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int twice = 2 * digit;
      sum += i % 2 == 0 ? digit : twice > 9 ? twice - 9 : twice;
    }
    return sum % 10 == 0;
  }
}
