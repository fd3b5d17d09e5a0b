package dev.dragoman.connectors.files;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a row comes to.
 *
 * @param text blank if the row has none
 * @param textColumns where it was looked for; empty if no column is for it
 * @param labels by kind: {@code title}, {@code language}, {@code column:NAME}
 */
public record MappedRow(String text, List<String> textColumns, Map<String, String> labels) {
  public MappedRow {
    textColumns = List.copyOf(textColumns);
    labels = new LinkedHashMap<>(labels);
  }
}
