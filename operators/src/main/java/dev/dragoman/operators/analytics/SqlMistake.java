package dev.dragoman.operators.analytics;

import dev.dragoman.operators.config.ConfigException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the planner says about a query, in one line a user can act on. */
final class SqlMistake {
  private static final Pattern FROM =
      Pattern.compile("From line (\\d+), column (\\d+) to line \\d+, column \\d+: (.*)");
  private static final Pattern AT = Pattern.compile("At line (\\d+), column (\\d+): (.*)");
  private static final Pattern SYNTAX =
      Pattern.compile("((?:Encountered|Incorrect syntax near) .*?) at line (\\d+), column (\\d+)");
  private static final String RESERVED =
      "; names that are words of SQL, such as `language`, need backticks";
  private static final int LONGEST = 300;

  private SqlMistake() {}

  /** The mistake behind what planning this query threw. */
  static ConfigException in(String query, RuntimeException thrown) {
    if (thrown instanceof ConfigException config) {
      return config;
    }
    String last = "";
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
      for (Pattern pattern : new Pattern[] {FROM, AT}) {
        Matcher at = pattern.matcher(message);
        if (at.find()) {
          return mistake(query, at.group(1), at.group(2), at.group(3));
        }
      }
      Matcher at = SYNTAX.matcher(message);
      if (at.find()) {
        return mistake(query, at.group(2), at.group(3), at.group(1) + RESERVED);
      }
      last = message;
    }
    return new ConfigException("query", Sql.NAME + ".query: " + shortened(last));
  }

  private static ConfigException mistake(String query, String line, String column, String what) {
    String at = query.lines().skip(Integer.parseInt(line) - 1L).findFirst().orElse("").strip();
    return new ConfigException(
        "query",
        Sql.NAME
            + ".query, line "
            + line
            + ", column "
            + column
            + ": "
            + shortened(what)
            + " (in: "
            + shortened(at)
            + ")");
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " ...";
  }
}
