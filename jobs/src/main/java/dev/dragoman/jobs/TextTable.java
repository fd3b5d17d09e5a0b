package dev.dragoman.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dragoman.connectors.sql.Sql;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Rows in columns, for people. */
final class TextTable {
  /** Rows whose widths are looked at before the first is shown; memory stays flat. */
  private static final int LOOK_AHEAD = 1000;

  private TextTable() {}

  static void print(PrintStream out, Sql.Rows rows, int widest) {
    List<String> heads = rows.columns();
    int[] widths = heads.stream().mapToInt(String::length).toArray();
    List<List<JsonNode>> waiting = new ArrayList<>();
    List<JsonNode> row = rows.next();
    for (; row != null && waiting.size() < LOOK_AHEAD; row = rows.next()) {
      waiting.add(row);
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], length(text(row.get(i), widest)));
      }
    }
    StringBuilder head = new StringBuilder();
    StringBuilder rule = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      head.append(pad(heads.get(i), widths[i], false)).append("  ");
      rule.append("-".repeat(widths[i])).append("  ");
    }
    out.println(head.toString().stripTrailing());
    out.println(rule.toString().stripTrailing());
    waiting.forEach(each -> print(out, each, widths, widest));
    for (; row != null; row = rows.next()) {
      print(out, row, widths, widest);
    }
  }

  private static void print(PrintStream out, List<JsonNode> row, int[] widths, int widest) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      JsonNode value = row.get(i);
      line.append(pad(text(value, widest), widths[i], value.isNumber())).append("  ");
    }
    out.println(line.toString().stripTrailing());
  }

  private static String text(JsonNode value, int widest) {
    if (value.isNull()) {
      return "";
    }
    String text = value.isTextual() ? value.textValue() : value.toString();
    String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return length(line) <= widest
        ? line
        : line.substring(0, line.offsetByCodePoints(0, widest - 1)) + "…";
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String pad(String text, int width, boolean right) {
    String blanks = " ".repeat(Math.max(0, width - length(text)));
    return right ? blanks + text : text + blanks;
  }
}
