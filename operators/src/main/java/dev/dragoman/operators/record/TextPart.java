package dev.dragoman.operators.record;

/**
 * Text.
 *
 * @param from the part it was read from; the part's own id where the text itself is the input
 * @param role how it came to be text
 * @param page from 1; 0 where there are no pages
 * @param text the text; annotations' offsets point into it
 */
public record TextPart(PartId id, PartId from, Role role, int page, String text) implements Part {
  /** How a text came to be text. */
  public enum Role {
    /** It was text in the source: a row, a page's text layer, the body of a mail. */
    BODY,
    /** Read from a picture. */
    OCR,
    /** Heard in a sound. */
    TRANSCRIPT
  }

  /** The same part with another text. */
  public TextPart withText(String other) {
    return new TextPart(id, from, role, page, other);
  }
}
