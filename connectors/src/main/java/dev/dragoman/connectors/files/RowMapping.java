package dev.dragoman.connectors.files;

import dev.dragoman.operators.record.DocumentColumns;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which columns of a table are what. An empty component is guessed from the columns' names, without
 * regard to case; a name that is given must be there.
 *
 * @param text columns that make up the text, joined by an empty line; guessed: the first of {@code
 *     text}, {@code body}, {@code message}, {@code content}, {@code description}; if there is none,
 *     all columns, a line {@code name: value} each
 * @param title guessed: the first of {@code title}, {@code subject}
 * @param language column of ISO 639-1 codes; guessed: {@code language}, {@code lang}
 * @param others whether all other columns become labels {@code column:NAME}
 */
public record RowMapping(List<String> text, String title, String language, boolean others)
    implements Serializable {
  static final List<String> TEXTS = List.of("text", "body", "message", "content", "description");
  private static final List<String> TITLES = List.of("title", "subject");
  private static final List<String> LANGUAGES = List.of("language", "lang");

  /** A code of two letters, perhaps with a region, which is left out. */
  private static final Pattern LANGUAGE = Pattern.compile("[a-zA-Z]{2}([-_][a-zA-Z]{2,4})?");

  private static final long serialVersionUID = 1;

  public RowMapping {
    text = List.copyOf(text);
  }

  /** Everything guessed, all other columns kept. */
  public static RowMapping guessed() {
    return new RowMapping(List.of(), "", "", true);
  }

  /** What a row comes to: its text, and labels for its other columns. */
  public MappedRow map(Fields row) {
    List<String> textColumns = textColumns(row.names());
    boolean wholeRow = wholeRow(row.names());
    List<String> texts = new ArrayList<>();
    for (String column : textColumns) {
      String value = row.value(column);
      if (!value.isBlank()) {
        texts.add(wholeRow ? column + ": " + value : value);
      }
    }
    return new MappedRow(
        String.join(wholeRow ? "\n" : "\n\n", texts),
        textColumns,
        labels(row, wholeRow ? List.of() : textColumns));
  }

  /**
   * The labels of a row, by kind.
   *
   * @param used columns that are something else already
   */
  public Map<String, String> labels(Fields row, Collection<String> used) {
    Optional<String> titleColumn = titleColumn(row.names());
    Optional<String> languageColumn = languageColumn(row.names());
    Map<String, String> labels = new LinkedHashMap<>();
    for (String column : row.names()) {
      String value = row.value(column);
      if (value.isBlank()) {
        continue;
      }
      if (titleColumn.filter(column::equals).isPresent()) {
        labels.put("title", value);
      } else if (languageColumn.filter(column::equals).isPresent()
          && LANGUAGE.matcher(value.strip()).matches()) {
        labels.put("language", value.strip().substring(0, 2).toLowerCase(Locale.ROOT));
      } else if (others && !used.contains(column)) {
        labels.put(DocumentColumns.FIELD_PREFIX + column, value);
      }
    }
    return labels;
  }

  /**
   * The columns of the text among these: the ones that were given, none if one is missing; else the
   * first guess that is there; else all.
   */
  List<String> textColumns(List<String> columns) {
    if (text.isEmpty()) {
      return first(TEXTS, columns).map(List::of).orElse(columns);
    }
    List<String> found =
        text.stream().flatMap(wanted -> first(List.of(wanted), columns).stream()).toList();
    return found.size() == text.size() ? found : List.of();
  }

  /** Whether the text is the whole row, each value with its column's name, for want of a better. */
  private boolean wholeRow(List<String> columns) {
    return text.isEmpty() && first(TEXTS, columns).isEmpty();
  }

  private Optional<String> titleColumn(List<String> columns) {
    return first(title.isEmpty() ? TITLES : List.of(title), columns);
  }

  private Optional<String> languageColumn(List<String> columns) {
    return first(language.isEmpty() ? LANGUAGES : List.of(language), columns);
  }

  /**
   * What a user can do about a table with none of the text columns.
   *
   * @param setting where the recipe names the right column
   */
  public String noText(List<String> columns, String setting) {
    String has =
        columns.isEmpty()
            ? "it has no columns"
            : "its columns are "
                + String.join(", ", columns.subList(0, Math.min(20, columns.size())));
    String wanted = String.join(", ", text.isEmpty() ? TEXTS : text);
    return "no column to take the text from (looked for "
        + wanted
        + "); "
        + has
        + "; name the right one in the recipe: "
        + setting;
  }

  private static Optional<String> first(List<String> wanted, List<String> columns) {
    for (String name : wanted) {
      for (String column : columns) {
        if (column.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
          return Optional.of(column);
        }
      }
    }
    return Optional.empty();
  }
}
