package dev.dragoman.operators.record;

import java.io.Serializable;

/**
 * Names a part within its document: {@code file}, {@code text}, {@code page:3}, {@code ocr:3}.
 *
 * @param value unique within the document and stable from run to run
 */
public record PartId(String value) implements Serializable {
  /** The file as it was found. */
  public static final PartId FILE = new PartId("file");

  /** The text of a document that has no pages. */
  public static final PartId TEXT = new PartId("text");

  public PartId {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("a part id must not be empty");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
