package dev.dragoman.connectors.kafka;

import dev.dragoman.connectors.files.Fields;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Values that are one row of a table each, whose columns the recipe names. */
final class CsvFormat implements MessageFormat {
  private final List<String> columns;
  private final CSVFormat format;

  CsvFormat(List<String> columns, char delimiter) {
    this.columns = columns;
    this.format =
        CSVFormat.DEFAULT
            .builder()
            .setDelimiter(delimiter)
            .setIgnoreEmptyLines(true)
            .setTrailingData(true)
            .setLenientEof(false)
            .get();
  }

  @Override
  public Message read(byte[] value) throws BadMessageException {
    List<CSVRecord> rows;
    try (CSVParser parser = CSVParser.parse(MessageFormat.utf8(value), format)) {
      rows = parser.getRecords();
    } catch (IOException | UncheckedIOException e) {
      throw BadMessageException.row(
          "the value is not a row of a table: " + e.getMessage() + "; see that quotes are closed");
    }
    if (rows.size() != 1) {
      throw BadMessageException.row(
          "the value has %d rows; send one row as each message".formatted(rows.size()));
    }
    CSVRecord row = rows.getFirst();
    if (row.size() != columns.size()) {
      throw BadMessageException.row(
          "the value has %d columns, ReadKafka.columns names %d; quote values that hold the delimiter"
              .formatted(row.size(), columns.size()));
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      values.put(columns.get(i), row.get(i));
    }
    Fields fields = new Fields(columns, values);
    return () -> fields;
  }
}
