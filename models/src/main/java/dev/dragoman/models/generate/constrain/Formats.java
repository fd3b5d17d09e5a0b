package dev.dragoman.models.generate.constrain;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * For each value of the keyword {@code format} a regular expression of texts that surely have it.
 * It may leave out unusual ones: leap seconds, quoted mail addresses, internationalised names.
 */
final class Formats {
  private static final String DATE =
      "([0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
          + "|[0-9]{4}-(0[13-9]|1[0-2])-(29|30)"
          + "|[0-9]{4}-(0[13578]|1[02])-31"
          + "|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)";
  private static final String TIME =
      "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?"
          + "(Z|[+](0[0-9]|1[0-3]):[0-5][0-9]|-(0[1-9]|1[0-3]):[0-5][0-9])";
  private static final String LABEL = "[A-Za-z0-9]{1,20}(-[A-Za-z0-9]{1,20})?";
  private static final String HOST = "(" + LABEL + "\\.){0,3}[A-Za-z]{2,12}";
  private static final String MAIL_HOST = "(" + LABEL + "\\.){1,3}[A-Za-z]{2,12}";
  private static final String WORD = "[A-Za-z0-9_%+-]{1,20}";
  private static final String MAIL = WORD + "(\\." + WORD + "){0,2}@" + MAIL_HOST;
  private static final String SIGN = "([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})";
  private static final String PATH = "(/" + SIGN + "*)*";
  private static final String TAIL = "(\\?(" + SIGN + "|[/?])*)?(#(" + SIGN + "|[/?])*)?";
  private static final String URI =
      "(https?|ftp|wss?)://" + HOST + "(:[1-9][0-9]{0,3})?" + PATH + TAIL;
  private static final String POINTER = "(/([^~/#\\x00-\\x1F\\x7F-\\x9F\\u2028\\u2029]|~[01])*)*";
  private static final String CLOCK = "T([0-9]+H([0-9]+M([0-9]+S)?)?|[0-9]+M([0-9]+S)?|[0-9]+S)";
  private static final String DURATION =
      "P([0-9]+W|([0-9]+Y([0-9]+M([0-9]+D)?)?|[0-9]+M([0-9]+D)?|[0-9]+D)("
          + CLOCK
          + ")?|"
          + CLOCK
          + ")";

  private static final Map<String, String> EXPRESSIONS =
      Map.ofEntries(
          Map.entry("date", DATE),
          Map.entry("time", TIME),
          Map.entry("date-time", DATE + "T" + TIME),
          Map.entry("duration", DURATION),
          Map.entry("email", MAIL),
          Map.entry("idn-email", MAIL),
          Map.entry("hostname", HOST),
          Map.entry("idn-hostname", HOST),
          Map.entry("ipv4", ipv4()),
          Map.entry("ipv6", ipv6()),
          Map.entry(
              "uuid",
              "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"),
          Map.entry("uri", URI),
          Map.entry("iri", URI),
          Map.entry("uri-reference", "(" + URI + "|/?|(/" + SIGN + "+)+/?" + TAIL + ")"),
          Map.entry("iri-reference", "(" + URI + "|/?|(/" + SIGN + "+)+/?" + TAIL + ")"),
          Map.entry("json-pointer", POINTER),
          Map.entry("relative-json-pointer", "(0|[1-9][0-9]{0,8})(#|" + POINTER + ")"));

  private Formats() {}

  static @Nullable String expression(String format) {
    return EXPRESSIONS.get(format);
  }

  private static String ipv4() {
    String octet = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    return octet + "(\\." + octet + "){3}";
  }

  private static String ipv6() {
    String group = "[0-9a-fA-F]{1,4}";
    String shortened =
        IntStream.rangeClosed(0, 7)
            .mapToObj(left -> groups(group, left) + "::" + upTo(group, 7 - left))
            .collect(Collectors.joining("|"));
    return "(" + groups(group, 8) + "|" + shortened + ")";
  }

  private static String groups(String group, int count) {
    return count == 0 ? "" : group + "(:" + group + "){" + (count - 1) + "}";
  }

  private static String upTo(String group, int most) {
    return most == 0 ? "" : "(" + group + "(:" + group + "){0," + (most - 1) + "})?";
  }
}
