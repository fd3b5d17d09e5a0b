package dev.dragoman.operators.analytics;

import dev.dragoman.models.Nearest;
import dev.dragoman.operators.config.ConfigException;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.DocumentColumns;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A field of a document by its name in a recipe: a column of table {@code documents} that holds a
 * word, or {@code column:NAME} for what the row or message held beside the text.
 *
 * @param name as in the recipe
 */
record DocumentField(String name) implements Serializable {
  private static final long serialVersionUID = 1;

  private static final List<String> KNOWN =
      List.of(
          "document_id",
          "source_uri",
          "media_type",
          "title",
          "author",
          "language",
          "category",
          "sentiment",
          "duplicate_of");

  /**
   * The field of this name.
   *
   * @param key of the configuration, for the message
   * @throws ConfigException if documents have no such field
   */
  static DocumentField named(String step, String key, String name) {
    boolean column =
        name.startsWith(DocumentColumns.FIELD_PREFIX)
            && name.length() > DocumentColumns.FIELD_PREFIX.length();
    if (!column && !KNOWN.contains(name)) {
      throw new ConfigException(
          key,
          step
              + "."
              + key
              + ": documents have no field '"
              + name
              + "'"
              + Nearest.name(name, KNOWN)
                  .map(near -> "; did you mean '" + near + "'?")
                  .orElse(
                      "; there are "
                          + String.join(", ", KNOWN)
                          + ", and "
                          + DocumentColumns.FIELD_PREFIX
                          + "NAME for the column or message field NAME"));
    }
    return new DocumentField(name);
  }

  /** What the column of a result is called that holds this field. */
  String column() {
    return name.startsWith(DocumentColumns.FIELD_PREFIX)
        ? name.substring(DocumentColumns.FIELD_PREFIX.length())
        : name;
  }

  /** Its value in a document; null where nothing has found one. */
  @Nullable String of(Document document) {
    return switch (name) {
      case "document_id" -> document.id().value();
      case "source_uri" -> document.provenance().source().toString();
      case "media_type" -> document.provenance().mediaType();
      default -> label(document).orElse(null);
    };
  }

  private Optional<String> label(Document document) {
    return document.label(name).map(label -> label.value()).filter(value -> !value.isEmpty());
  }
}
