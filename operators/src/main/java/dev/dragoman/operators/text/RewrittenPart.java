package dev.dragoman.operators.text;

import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Annotation.Chunk;
import dev.dragoman.operators.record.Annotation.Embedding;
import dev.dragoman.operators.record.Annotation.Interval;
import dev.dragoman.operators.record.Annotation.Label;
import dev.dragoman.operators.record.Annotation.Region;
import dev.dragoman.operators.record.Annotation.Rewrite;
import dev.dragoman.operators.record.Annotation.TextSpan;

/**
 * A text part before and after its text was rewritten, and how annotations follow: an annotation
 * keeps pointing at the same words, and one whose value quotes the words it points at quotes the
 * new ones.
 */
record RewrittenPart(String before, String after, OffsetMap map) {
  /** The annotation of this part with its offsets, and its quotation if it has one, moved. */
  Annotation move(Annotation annotation) {
    return switch (annotation) {
      case TextSpan a -> {
        Place to = place(a.start(), a.end());
        yield new TextSpan(
            a.origin(),
            a.kind(),
            quote(a.value(), a.start(), a.end(), to),
            a.confidence(),
            to.start,
            to.end);
      }
      case Region a when a.start() >= 0 -> {
        Place to = place(a.start(), a.end());
        yield new Region(
            a.origin(),
            a.kind(),
            quote(a.value(), a.start(), a.end(), to),
            a.confidence(),
            to.start,
            to.end,
            a.page(),
            a.x(),
            a.y(),
            a.width(),
            a.height());
      }
      case Interval a when a.start() >= 0 -> {
        Place to = place(a.start(), a.end());
        yield new Interval(
            a.origin(),
            a.kind(),
            quote(a.value(), a.start(), a.end(), to),
            a.confidence(),
            to.start,
            to.end,
            a.startSeconds(),
            a.endSeconds());
      }
      case Chunk a -> {
        Place to = place(a.start(), a.end());
        yield new Chunk(
            a.origin(),
            a.ordinal(),
            quote(a.text(), a.start(), a.end(), to),
            to.start,
            to.end,
            a.page(),
            a.startSeconds(),
            a.endSeconds(),
            a.embedding());
      }
      case Region _, Interval _, Label _, Rewrite _, Embedding _ -> annotation;
    };
  }

  private Place place(int start, int end) {
    int from = Math.clamp(start, 0, before.length());
    int to = Math.clamp(end, from, before.length());
    int newFrom = map.start(from);
    return new Place(newFrom, Math.max(newFrom, map.end(to)));
  }

  private String quote(String value, int start, int end, Place to) {
    boolean quotes =
        start >= 0
            && end - start == value.length()
            && before.regionMatches(start, value, 0, value.length());
    return quotes ? after.substring(to.start, to.end) : value;
  }

  private record Place(int start, int end) {}
}
