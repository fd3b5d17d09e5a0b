package dev.dragoman.connectors.files;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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

  public RowMapping {
    text = List.copyOf(text);
  }

  /** Everything guessed, all other columns kept. */
  public static RowMapping guessed() {
    return new RowMapping(List.of(), "", "", true);
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
  boolean wholeRow(List<String> columns) {
    return text.isEmpty() && first(TEXTS, columns).isEmpty();
  }

  Optional<String> titleColumn(List<String> columns) {
    return first(title.isEmpty() ? TITLES : List.of(title), columns);
  }

  Optional<String> languageColumn(List<String> columns) {
    return first(language.isEmpty() ? LANGUAGES : List.of(language), columns);
  }

  /** What a user can do about a table with none of the text columns. */
  String noText(List<String> columns) {
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
        + "; name the right one in the recipe: ReadFiles, config, columns: {text: [NAME]}";
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
