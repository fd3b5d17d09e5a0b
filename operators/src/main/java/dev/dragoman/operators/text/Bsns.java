package dev.dragoman.operators.text;

import java.util.List;

/**
 * Finds Dutch citizen service numbers: nine digits, or eight with the leading zero left out, whose
 * sum weighted 9, 8, 7, 6, 5, 4, 3, 2 and -1 is a multiple of eleven. One number in eleven passes
 * that test, so by default a word beside it has to say what it is.
 */
final class Bsns implements PiiRule {
  private final boolean withoutContext;

  Bsns(boolean withoutContext) {
    this.withoutContext = withoutContext;
  }

  @Override
  public void find(String text, List<Pii> found) {
    for (DigitGroups row : DigitGroups.in(text)) {
      for (int first = 0; first < row.count(); first++) {
        for (int end = Math.min(row.count(), first + 3); end > first; end--) {
          String digits = row.digits(first, end);
          if (!grouped(row, first, end) || !valid(digits) || !row.standAlone(first, end)) {
            continue;
          }
          int start = row.starts().get(first);
          int stop = row.ends().get(end - 1);
          boolean named =
              PiiContext.speaksOfBsn(text, start, stop)
                  && !PiiContext.isLabelledOtherwise(text, start);
          if (named || (withoutContext && !PiiContext.isLabelledOtherwise(text, start))) {
            String value = digits.length() == 8 ? "0" + digits : digits;
            found.add(new Pii(PiiKind.BSN, start, stop, value, named ? 0.98 : 0.6));
            first = end - 1;
            break;
          }
        }
      }
    }
  }

  /** Written in one, 3-3-3, 4-2-3, 2-3-3 or 4-4. */
  private static boolean grouped(DigitGroups row, int first, int end) {
    return switch (end - first) {
      case 1 -> row.size(first) == 9 || row.size(first) == 8;
      case 2 -> row.size(first) == 4 && row.size(first + 1) == 4;
      case 3 ->
          row.size(first + 2) == 3
              && ((row.size(first) == 3 && row.size(first + 1) == 3)
                  || (row.size(first) == 4 && row.size(first + 1) == 2)
                  || (row.size(first) == 2 && row.size(first + 1) == 3));
      default -> false;
    };
  }

  /** Whether eight or nine digits pass the eleven-test. */
  static boolean valid(String digits) {
    if (digits.length() != 8 && digits.length() != 9) {
      return false;
    }
    String nine = digits.length() == 8 ? "0" + digits : digits;
    int sum = -(nine.charAt(8) - '0');
    for (int i = 0; i < 8; i++) {
      sum += (9 - i) * (nine.charAt(i) - '0');
    }
    return sum % 11 == 0 && !nine.equals("000000000");
  }
}
