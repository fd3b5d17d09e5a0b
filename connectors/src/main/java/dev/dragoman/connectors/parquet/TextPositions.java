package dev.dragoman.connectors.parquet;

import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.TextPart;
import java.util.HashMap;
import java.util.Map;

/** Carries UTF-16 offsets into the text parts of one document to code points of its text. */
public final class TextPositions {
  private final Map<PartId, Integer> starts = new HashMap<>();
  private final Map<PartId, TextPart> parts = new HashMap<>();
  private final CodePoints codePoints;

  /**
   * A stretch of the document's text.
   *
   * @param start in code points, included; -1 for no stretch at all
   * @param end in code points, excluded
   */
  public record Span(int start, int end) {
    static final Span NONE = new Span(-1, -1);

    /** Whether there is a stretch. */
    public boolean exists() {
      return start >= 0;
    }
  }

  /** The positions in this document. */
  public TextPositions(Document document) {
    int offset = 0;
    for (TextPart part : document.textParts()) {
      starts.put(part.id(), offset);
      parts.put(part.id(), part);
      offset += part.text().length() + Document.PART_SEPARATOR.length();
    }
    codePoints = new CodePoints(document.text());
  }

  /** Where a stretch of a part is; no stretch where the part has no text or less than that. */
  public Span span(PartId id, int start, int end) {
    TextPart part = parts.get(id);
    Integer offset = starts.get(id);
    if (part == null || offset == null || start < 0 || end < start || end > part.text().length()) {
      return Span.NONE;
    }
    return new Span(codePoints.at(offset + start), codePoints.at(offset + end));
  }

  /** The page of a text part, from 1; 0 where there is none. */
  int page(PartId id) {
    TextPart part = parts.get(id);
    return part == null ? 0 : part.page();
  }
}
