package dev.dragoman.operators.text;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds international bank account numbers (ISO 13616): a country of the IBAN registry, its length
 * and account structure, and the check digits (ISO 7064, mod 97-10). Groups may be set off by
 * single blanks, hyphens, dots or a line end.
 */
final class Ibans implements PiiRule {
  /** Country and account structure after the check digits: n digits, a letters, c either. */
  private static final String REGISTRY =
      """
          AD 8n12c, AE 19n, AL 8n16c, AT 16n, AZ 4a20c, BA 16n, BE 12n, BG 4a6n8c,
          BH 4a14c, BI 23n, BR 23n1a1c, BY 4c4n16c, CH 5n12c, CR 18n, CY 8n16c, CZ 20n,
          DE 18n, DJ 23n, DK 14n, DO 4c20n, EE 16n, EG 25n, ES 20n, FI 14n, FK 2a12n,
          FO 14n, FR 10n11c2n, GB 4a14n, GE 2a16n, GI 4a15c, GL 14n, GR 7n16c, GT 24c,
          HN 4a20n, HR 17n, HU 24n, IE 4a14n, IL 19n, IQ 4a15n, IS 22n, IT 1a10n12c,
          JO 4a4n18c, KW 4a22c, KZ 3n13c, LB 4n20c, LC 4a24c, LI 5n12c, LT 16n, LU 3n13c,
          LV 4a13c, LY 21n, MC 10n11c2n, MD 20c, ME 18n, MK 3n10c2n, MN 16n, MR 23n,
          MT 4a5n18c, MU 4a19n3a, NI 4a20n, NL 4a10n, NO 11n, OM 3n16c, PK 4a16c, PL 24n,
          PS 4a21c, PT 21n, QA 4a21c, RO 4a16c, RS 18n, RU 14n15c, SA 2n18c, SC 4a20n3a,
          SD 14n, SE 20n, SI 15n, SK 20n, SM 1a10n12c, SO 19n, ST 21n, SV 4a20n, TL 19n,
          TN 20n, TR 6n16c, UA 6n19c, VA 18n, VG 4a16n, XK 16n, YE 4a4n18c
      """;

  private static final Map<String, Pattern> STRUCTURES = new HashMap<>();
  private static final Map<String, Integer> LENGTHS = new HashMap<>();

  static {
    for (String entry : REGISTRY.strip().split(",\\s*", -1)) {
      String country = entry.substring(0, 2);
      String structure = entry.substring(3);
      STRUCTURES.put(
          country,
          Pattern.compile(
              structure
                  .replaceAll("(\\d+)n", "[0-9]{$1}")
                  .replaceAll("(\\d+)a", "[A-Z]{$1}")
                  .replaceAll("(\\d+)c", "[A-Z0-9]{$1}")));
      int length = 4;
      for (String field : structure.split("[nac]", -1)) {
        length += field.isEmpty() ? 0 : Integer.parseInt(field);
      }
      LENGTHS.put(country, length);
    }
  }

  @Override
  public void find(String text, List<Pii> found) {
    int last = text.length() - 15;
    for (int i = 0; i <= last; i++) {
      if (!isDigit(text.charAt(i + 2)) || !isLetter(text.charAt(i)) || !startsWord(text, i)) {
        continue;
      }
      Integer length = LENGTHS.get(text.substring(i, i + 2).toUpperCase(Locale.ROOT));
      if (length == null) {
        continue;
      }
      int end = take(text, i, length);
      if (end < 0) {
        continue;
      }
      String iban = compact(text.substring(i, end));
      if (valid(iban)) {
        found.add(new Pii(PiiKind.IBAN, i, end, iban, 0.99));
        i = end - 1;
      }
    }
  }

  /** Whether this is an IBAN, in capitals and with no separators. */
  static boolean valid(String iban) {
    Pattern structure = iban.length() < 5 ? null : STRUCTURES.get(iban.substring(0, 2));
    if (structure == null
        || !isDigit(iban.charAt(2))
        || !isDigit(iban.charAt(3))
        || !structure.matcher(iban.substring(4)).matches()) {
      return false;
    }
    int remainder = 0;
    for (int i = 0; i < iban.length(); i++) {
      int value = Character.digit(iban.charAt((i + 4) % iban.length()), 36);
      remainder = (remainder * (value < 10 ? 10 : 100) + value) % 97;
    }
    return remainder == 1;
  }

  private static String compact(String written) {
    StringBuilder compact = new StringBuilder(34);
    written
        .chars()
        .filter(c -> isDigit((char) c) || isLetter((char) c))
        .forEach(c -> compact.append(Character.toUpperCase((char) c)));
    return compact.toString();
  }

  /** The offset after {@code length} letters and digits with single separators, or -1. */
  private static int take(String text, int start, int length) {
    int taken = 0;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isDigit(c) || isLetter(c)) {
        if (++taken == length) {
          boolean ends = i + 1 == text.length() || !Character.isLetterOrDigit(text.charAt(i + 1));
          return ends ? i + 1 : -1;
        }
      } else if (" -.\n\u00A0\u202F".indexOf(c) < 0
          || " -.\n\u00A0\u202F".indexOf(text.charAt(i - 1)) >= 0) {
        return -1;
      }
    }
    return -1;
  }

  private static boolean startsWord(String text, int start) {
    return start == 0
        || !Character.isLetterOrDigit(text.charAt(start - 1))
        || (start >= 4 && text.regionMatches(true, start - 4, "IBAN", 0, 4));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }
}
