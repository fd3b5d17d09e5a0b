package dev.dragoman.operators.record;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Something that was found out about a document.
 *
 * <p>{@code kind} says what it is in one lower-case word ({@code iban}, {@code word}, {@code
 * category}); {@code value} is the finding. A confidence lies in 0 to 1, NaN where the operator has
 * none. Offsets are UTF-16, start included, end excluded.
 */
public sealed interface Annotation {
  /** Who found it, and in which part. */
  Origin origin();

  /** What it is, in one lower-case word. */
  String kind();

  /** How sure the operator is, 0 to 1, or NaN. */
  double confidence();

  /** A stretch of a text part. */
  record TextSpan(Origin origin, String kind, String value, double confidence, int start, int end)
      implements Annotation {}

  /**
   * A box on a page, and the stretch of the text part that was read there.
   *
   * @param start -1 where the box has no text
   * @param page from 1
   * @param x left edge, pixels of the upright page at its own resolution
   * @param y upper edge
   */
  record Region(
      Origin origin,
      String kind,
      String value,
      double confidence,
      int start,
      int end,
      int page,
      double x,
      double y,
      double width,
      double height)
      implements Annotation {}

  /**
   * A stretch of time, and the stretch of the text part that was said then.
   *
   * @param start -1 where nothing was said
   */
  record Interval(
      Origin origin,
      String kind,
      String value,
      double confidence,
      int start,
      int end,
      double startSeconds,
      double endSeconds)
      implements Annotation {}

  /** Something about the whole part, or the whole document: a language, a category, a title. */
  record Label(Origin origin, String kind, String value, double confidence) implements Annotation {}

  /**
   * Another text for the document: its translation, its summary, its masked form.
   *
   * @param language ISO 639-1, or empty
   */
  record Rewrite(Origin origin, String kind, String value, String language, double confidence)
      implements Annotation {}

  /**
   * A passage to be found again: a stretch of one text part.
   *
   * @param ordinal from 0, in the order of the document
   * @param text what is written and indexed for it
   * @param page from 1, 0 where there are no pages
   * @param startSeconds NaN where there is no sound
   * @param embedding what {@code Embed} made of it; null before
   */
  record Chunk(
      Origin origin,
      int ordinal,
      String text,
      int start,
      int end,
      int page,
      double startSeconds,
      double endSeconds,
      @Nullable Embedding embedding)
      implements Annotation {
    @Override
    public String kind() {
      return "chunk";
    }

    @Override
    public double confidence() {
      return Double.NaN;
    }

    /** The same passage with its embedding. */
    public Chunk withEmbedding(Embedding vector) {
      return new Chunk(origin, ordinal, text, start, end, page, startSeconds, endSeconds, vector);
    }
  }

  /** A vector of unit length. Callers must not change the array. */
  record Embedding(Origin origin, float[] vector) implements Annotation {
    @Override
    public String kind() {
      return "embedding";
    }

    @Override
    public double confidence() {
      return Double.NaN;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Embedding e
          && origin.equals(e.origin)
          && Arrays.equals(vector, e.vector);
    }

    @Override
    public int hashCode() {
      return 31 * origin.hashCode() + Arrays.hashCode(vector);
    }

    @Override
    public String toString() {
      return "Embedding[" + origin + ", " + vector.length + " dimensions]";
    }
  }
}
