package dev.dragoman.operators.record;

/** The file as it was found, before or after something has looked inside. */
public record FilePart(PartId id, Content content) implements Part {}
