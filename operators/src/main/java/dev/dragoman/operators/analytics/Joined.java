package dev.dragoman.operators.analytics;

import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Annotation.Chunk;
import dev.dragoman.operators.record.Annotation.Embedding;
import dev.dragoman.operators.record.Annotation.Interval;
import dev.dragoman.operators.record.Annotation.Label;
import dev.dragoman.operators.record.Annotation.Region;
import dev.dragoman.operators.record.Annotation.Rewrite;
import dev.dragoman.operators.record.Annotation.TextSpan;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.DocumentColumns;
import dev.dragoman.operators.record.Origin;
import dev.dragoman.operators.record.Part;
import dev.dragoman.operators.record.PartId;
import dev.dragoman.operators.record.Step;
import dev.dragoman.operators.record.TextPart;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** One document with the texts of others and what was found in them. */
final class Joined {
  private Joined() {}

  /**
   * What of a document is joined to others: its texts and findings, not what they were read from.
   */
  static Document lean(Document document) {
    return document
        .withParts(document.textParts())
        .withAnnotations(
            document.annotations().stream()
                .filter(annotation -> !(annotation instanceof Embedding))
                .toList());
  }

  /**
   * The document with these joined to it, in their order.
   *
   * @param name of the step the others come from
   */
  static Document of(Document left, String name, List<Document> rights) {
    List<Part> parts = new ArrayList<>(left.parts());
    List<Annotation> theirs = new ArrayList<>();
    List<Annotation> joined = new ArrayList<>();
    Set<Step> steps = new LinkedHashSet<>(left.provenance().steps());
    int chunks = left.annotationsOf(Chunk.class).size();
    for (Document right : rights) {
      Anchor anchor = new Anchor(name, right, left);
      right.textParts().forEach(part -> parts.add(anchor.part(part)));
      for (Annotation annotation : right.annotations()) {
        if (annotation instanceof Chunk chunk) {
          theirs.add(anchor.chunk(chunk, chunks++));
        } else if (!(annotation instanceof Embedding)) {
          theirs.add(anchor.annotation(annotation));
        }
      }
      joined.add(
          new Label(
              anchor.own(), "joined", right.id() + " " + right.provenance().source(), Double.NaN));
      steps.addAll(right.provenance().steps());
    }
    List<Annotation> all = new ArrayList<>(theirs);
    all.addAll(left.annotations());
    all.addAll(joined);
    Document result = left.withParts(parts).withAnnotations(all);
    for (Step step : steps) {
      if (!result.provenance().steps().contains(step)) {
        result = result.with(step);
      }
    }
    return result.with(Step.done(Join.NAME, Join.VERSION, ""));
  }

  /** Where the findings of one joined document go. */
  private record Anchor(String name, Document right, Document left) {
    TextPart part(TextPart part) {
      return new TextPart(id(part.id()), from(part), part.role(), part.page(), part.text());
    }

    /** Never itself, or a replay would take it for something the source had. */
    private PartId from(TextPart part) {
      return left.parts().isEmpty() ? new PartId(name) : left.parts().getFirst().id();
    }

    private PartId id(PartId part) {
      return new PartId(name + ":" + right.id() + ":" + part);
    }

    /** Of what the join itself says about it. */
    Origin own() {
      PartId part = right.textParts().isEmpty() ? PartId.FILE : right.textParts().getFirst().id();
      return new Origin(id(part), Join.NAME, Join.VERSION, "");
    }

    /** What its source said, no step, is here because it was joined. */
    private Origin origin(Annotation annotation) {
      Origin origin = annotation.origin();
      Set<String> operators =
          right.provenance().steps().stream()
              .map(Step::operator)
              .collect(Collectors.toCollection(TreeSet::new));
      return operators.contains(origin.operator())
          ? new Origin(
              id(origin.part()), origin.operator(), origin.operatorVersion(), origin.model())
          : new Origin(id(origin.part()), Join.NAME, Join.VERSION, "");
    }

    Annotation chunk(Chunk chunk, int ordinal) {
      return new Chunk(
          origin(chunk),
          ordinal,
          chunk.text(),
          chunk.start(),
          chunk.end(),
          chunk.page(),
          chunk.startSeconds(),
          chunk.endSeconds(),
          chunk.embedding());
    }

    Annotation annotation(Annotation annotation) {
      Origin origin = origin(annotation);
      return switch (annotation) {
        case TextSpan a ->
            new TextSpan(origin, a.kind(), a.value(), a.confidence(), a.start(), a.end());
        case Region a ->
            new Region(
                origin,
                a.kind(),
                a.value(),
                a.confidence(),
                a.start(),
                a.end(),
                a.page(),
                a.x(),
                a.y(),
                a.width(),
                a.height());
        case Interval a ->
            new Interval(
                origin,
                a.kind(),
                a.value(),
                a.confidence(),
                a.start(),
                a.end(),
                a.startSeconds(),
                a.endSeconds());
        case Label a -> new Label(origin, field(a.kind()), a.value(), a.confidence());
        case Rewrite a ->
            new Rewrite(origin, name + "." + a.kind(), a.value(), a.language(), a.confidence());
        case Chunk a -> chunk(a, a.ordinal());
        case Embedding a -> new Embedding(origin, a.vector());
      };
    }

    private String field(String kind) {
      String plain =
          kind.startsWith(DocumentColumns.FIELD_PREFIX)
              ? kind.substring(DocumentColumns.FIELD_PREFIX.length())
              : kind;
      return DocumentColumns.FIELD_PREFIX + name + "." + plain;
    }
  }
}
