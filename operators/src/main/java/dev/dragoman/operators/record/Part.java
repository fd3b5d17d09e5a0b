package dev.dragoman.operators.record;

/** A piece of a document: the file as found, or a text, a picture or a sound made from it. */
public sealed interface Part permits FilePart, TextPart, ImagePart, AudioPart {
  /** Unique within the document. */
  PartId id();
}
