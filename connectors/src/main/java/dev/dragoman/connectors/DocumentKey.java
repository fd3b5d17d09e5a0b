package dev.dragoman.connectors;

import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.DocumentColumns;
import java.io.Serializable;
import java.util.Optional;

/**
 * What a sink that replaces knows a document by: two documents with the same key are versions of
 * one thing, and the newest stays.
 *
 * @param column {@code document_id}, {@code source_uri}, or a field of the document's message
 */
public record DocumentKey(String column) implements Serializable {
  private static final long serialVersionUID = 1;

  /** The column of content ids. */
  public static final String DOCUMENT_ID = "document_id";

  private static final String SOURCE_URI = "source_uri";

  /** The longest key that search servers take, in characters that may need three bytes each. */
  private static final int LONGEST = 512 / 3;

  /** The key of a document; none where its message has no such field. */
  public Optional<String> of(Document document) {
    return switch (column) {
      case DOCUMENT_ID -> Optional.of(document.id().value());
      case SOURCE_URI -> Optional.of(document.provenance().source().toString()).filter(this::fits);
      default ->
          document
              .label(DocumentColumns.FIELD_PREFIX + column)
              .map(Annotation.Label::value)
              .filter(value -> !value.isBlank() && fits(value));
    };
  }

  /** Why a document has no key, and what to do. */
  public String missing() {
    return "the document has no '"
        + column
        + "' to be known by, or one of more than "
        + LONGEST
        + " characters; mend the message, or name another field with 'id'";
  }

  private boolean fits(String value) {
    return value.length() <= LONGEST;
  }
}
