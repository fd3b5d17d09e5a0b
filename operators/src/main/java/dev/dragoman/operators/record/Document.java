package dev.dragoman.operators.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A document on its way from a source to a sink: a value that operators answer changed copies of.
 *
 * @param id from its source and content
 * @param provenance where it came from and what was done to it
 * @param parts in reading order; ids are unique
 * @param annotations in the order they were made
 */
public record Document(
    DocumentId id, Provenance provenance, List<Part> parts, List<Annotation> annotations) {
  /** Stands between the text parts of a document in {@link #text()}. */
  public static final String PART_SEPARATOR = "\n\n";

  public Document {
    parts = List.copyOf(parts);
    annotations = List.copyOf(annotations);
  }

  /** A file as it was found, nothing done to it yet. */
  public static Document ofFile(
      URI source, String mediaType, long size, Sha256 digest, Content content) {
    return new Document(
        DocumentId.of(source, digest),
        new Provenance(source, mediaType, size, digest, List.of()),
        List.of(new FilePart(PartId.FILE, content)),
        List.of());
  }

  /** A text that is its own source: a row, a message, a line typed by somebody. */
  public static Document ofText(URI source, String mediaType, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    Sha256 digest = Sha256.of(bytes);
    return new Document(
        DocumentId.of(source, digest),
        new Provenance(source, mediaType, bytes.length, digest, List.of()),
        List.of(new TextPart(PartId.TEXT, PartId.TEXT, TextPart.Role.BODY, 0, text)),
        List.of());
  }

  /** The text parts in reading order. */
  public List<TextPart> textParts() {
    return partsOf(TextPart.class);
  }

  /** The parts of one type in reading order. */
  public <P extends Part> List<P> partsOf(Class<P> type) {
    return parts.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The annotations of one type in the order they were made. */
  public <A extends Annotation> List<A> annotationsOf(Class<A> type) {
    return annotations.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The newest label of this kind. */
  public Optional<Annotation.Label> label(String kind) {
    return annotationsOf(Annotation.Label.class).reversed().stream()
        .filter(label -> label.kind().equals(kind))
        .findFirst();
  }

  /** The newest rewrite of this kind. */
  public Optional<Annotation.Rewrite> rewrite(String kind) {
    return annotationsOf(Annotation.Rewrite.class).reversed().stream()
        .filter(rewrite -> rewrite.kind().equals(kind))
        .findFirst();
  }

  /** The part with this id. */
  public Optional<Part> part(PartId wanted) {
    return parts.stream().filter(part -> part.id().equals(wanted)).findFirst();
  }

  /** The text of the document: that of its text parts in order; empty if it has none. */
  public String text() {
    return textParts().stream().map(TextPart::text).collect(Collectors.joining(PART_SEPARATOR));
  }

  /**
   * Where the text of a part starts in {@link #text()}.
   *
   * @throws NoSuchElementException if the document has no such text part
   */
  public int textOffset(PartId wanted) {
    int offset = 0;
    for (TextPart part : textParts()) {
      if (part.id().equals(wanted)) {
        return offset;
      }
      offset += part.text().length() + PART_SEPARATOR.length();
    }
    throw new NoSuchElementException("document " + id + " has no text part " + wanted);
  }

  /**
   * The bytes of a part, following {@link Content.SameAs}.
   *
   * @throws NoSuchElementException if a part named on the way does not exist or has no bytes
   */
  public Content resolve(Content content) {
    Content at = content;
    for (int hops = 0; at instanceof Content.SameAs same; hops++) {
      Part target =
          part(same.part())
              .filter(part -> !(part instanceof TextPart))
              .orElseThrow(
                  () -> new NoSuchElementException("document " + id + " has no bytes in " + same));
      at =
          switch (target) {
            case FilePart file -> file.content();
            case ImagePart image -> image.content();
            case AudioPart audio -> audio.content();
            case TextPart _ -> throw new AssertionError();
          };
      if (hops > parts.size()) {
        throw new NoSuchElementException("document " + id + " has parts that name each other");
      }
    }
    return at;
  }

  /** The same with these parts. */
  public Document withParts(List<? extends Part> others) {
    return new Document(id, provenance, List.copyOf(others), annotations);
  }

  /** The same with one part replaced by what {@code change} makes of it. */
  public Document mapTextParts(UnaryOperator<TextPart> change) {
    return withParts(
        parts.stream()
            .map(part -> part instanceof TextPart text ? change.apply(text) : part)
            .toList());
  }

  /** The same with these annotations after those it has. */
  public Document plus(List<? extends Annotation> more) {
    List<Annotation> all = new ArrayList<>(annotations);
    all.addAll(more);
    return new Document(id, provenance, parts, all);
  }

  /** The same with exactly these annotations. */
  public Document withAnnotations(List<? extends Annotation> others) {
    return new Document(id, provenance, parts, List.copyOf(others));
  }

  /** The document as its source made it, without what operators did: the input of a replay. */
  public Document asFound() {
    List<Part> found =
        parts.stream()
            .filter(part ->
                switch (part) {
                  case FilePart _ -> true;
                  case TextPart text -> text.from().equals(text.id());
                  case ImagePart _, AudioPart _ -> false;
                })
            .toList();
    Set<String> operators =
        provenance.steps().stream().map(Step::operator).collect(Collectors.toSet());
    return new Document(
        id,
        provenance.withoutSteps(),
        found,
        annotations.stream()
            .filter(annotation -> !operators.contains(annotation.origin().operator()))
            .toList());
  }

  /** The same with one step more in its provenance. */
  public Document with(Step step) {
    return withProvenance(provenance.with(step));
  }

  /** The same with another provenance. */
  public Document withProvenance(Provenance other) {
    return new Document(id, other, parts, annotations);
  }
}
