package dev.dragoman.operators.text;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds Dutch postcodes: four digits, the first not 0, and two capitals that are not SA, SD or SS.
 * Where the letters are as likely a unit or a word, a place name has to follow or a house number to
 * precede; small letters need the word postcode before them.
 */
final class Postcodes implements PiiRule {
  private static final Pattern CODE =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}_])(?<!\\d[.,/:-])(?<![€$£] ?)[1-9]\\d{3}([ \\u00A0]?)(\\p{Alpha}{2})(?![\\p{L}\\p{N}_])");

  private static final Pattern PLACE =
      Pattern.compile("^[\\s,]+(?:'[st][- ])?\\p{Lu}[\\p{L}-]{2,}");
  private static final Pattern HOUSE =
      Pattern.compile("\\p{L}\\s+\\d{1,5}\\s?\\p{Alpha}?\\s*[,\\n]\\s*$");

  private static final Set<String> UNUSED = Set.of("SA", "SD", "SS");

  private static final Set<String> WORDS =
      Set.of(
          "KB", "MB", "GB", "TB", "KM", "CM", "MM", "KG", "MG", "ML", "CL", "DL", "KW", "MW", "HZ",
          "PK", "HP", "EU", "UK", "US", "NL", "BE", "DE", "PT", "BC", "AD", "PC", "TV", "AM", "PM",
          "OK", "IT", "HR", "ID", "NR", "BV", "NV", "SP", "EN", "OF", "IN", "OP", "IS", "TE", "ER",
          "ZE", "WE", "OM", "DO", "HD", "FT", "LB", "XL", "PX", "DB", "RE", "TO", "BY", "ON", "OR",
          "AT", "IF", "AS", "EM", "OU", "NO", "NA", "DA", "AO");

  @Override
  public void find(String text, List<Pii> found) {
    Matcher matcher = CODE.matcher(text);
    while (matcher.find()) {
      String letters = matcher.group(2).toUpperCase(Locale.ROOT);
      if (UNUSED.contains(letters)) {
        continue;
      }
      double confidence = confidence(text, matcher, letters);
      if (confidence > 0 && !PiiContext.isLabelledOtherwise(text, matcher.start())) {
        String value = text.substring(matcher.start(), matcher.start() + 4) + letters;
        found.add(new Pii(PiiKind.POSTCODE, matcher.start(), matcher.end(), value, confidence));
      }
    }
  }

  private static double confidence(String text, Matcher matcher, String letters) {
    if (PiiContext.announcesPostcode(text, matcher.start())) {
      return 0.95;
    }
    if (!matcher.group(2).equals(letters)) {
      return 0;
    }
    String after = text.substring(matcher.end(), Math.min(text.length(), matcher.end() + 40));
    String before = text.substring(Math.max(0, matcher.start() - 40), matcher.start());
    if (PLACE.matcher(after).find() || HOUSE.matcher(before).find()) {
      return 0.9;
    }
    return WORDS.contains(letters) ? 0 : 0.75;
  }
}
