package dev.dragoman.operators.translate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dragoman.operators.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Rows of a CSV file whose columns have fixed names; commas, semicolons or tabs between them. */
final class CsvFile {
  private CsvFile() {}

  /** A row, and where it stands. */
  record Row(Path file, long line, String key, List<String> columns, List<String> values) {
    /** The value of a column, without blanks around it; empty if there is none. */
    String value(String column) {
      int at = columns.indexOf(column);
      return at < 0 || at >= values.size() ? "" : values.get(at).strip();
    }

    ConfigException wrong(String what) {
      return new ConfigException(key, "%s: %s, line %d %s".formatted(key, file, line, what));
    }
  }

  /**
   * Reads a file.
   *
   * @param known the columns; the order they have where the file has no header
   * @param key the parameter that named the file
   * @throws ConfigException if it cannot be read or its header has another column
   */
  static List<Row> read(Path file, List<String> known, String key) {
    String text = text(file, key);
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setDelimiter(delimiter(text))
            .setIgnoreEmptyLines(true)
            .setIgnoreSurroundingSpaces(true)
            .setCommentMarker('#')
            .get();
    List<Row> rows = new ArrayList<>();
    List<String> columns = known;
    boolean first = true;
    try (CSVParser parser = CSVParser.parse(text, format)) {
      for (CSVRecord each : parser) {
        List<String> values = each.toList();
        Row row = new Row(file, parser.getCurrentLineNumber(), key, columns, values);
        if (first && values.getFirst().strip().equalsIgnoreCase(known.getFirst())) {
          columns = values.stream().map(v -> v.strip().toLowerCase(Locale.ROOT)).toList();
          for (String column : columns) {
            if (!known.contains(column)) {
              throw row.wrong(
                  "has a column '" + column + "'; there are " + String.join(", ", known));
            }
          }
        } else if (values.size() > columns.size()) {
          throw row.wrong(
              "has %d columns; there are %s".formatted(values.size(), String.join(", ", columns)));
        } else {
          rows.add(row);
        }
        first = false;
      }
    } catch (IOException | IllegalStateException | java.io.UncheckedIOException e) {
      throw new ConfigException(key, key + ": " + file + " is not CSV: " + e.getMessage());
    }
    return rows;
  }

  /** The text of a file the user named. */
  static String text(Path file, String key) {
    try {
      String text = Files.readString(file, UTF_8);
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (IOException e) {
      throw new ConfigException(key, key + ": cannot read " + file + ": " + e.getMessage());
    }
  }

  private static char delimiter(String text) {
    int end = text.indexOf('\n');
    String first = end < 0 ? text : text.substring(0, end);
    if (first.indexOf('\t') >= 0) {
      return '\t';
    }
    return first.indexOf(',') < 0 && first.indexOf(';') >= 0 ? ';' : ',';
  }
}
