package dev.dragoman.operators.record;

/** A document that left the graph through the dead-letter output, as it was when it failed. */
public record Rejected(Document document, Failure failure) {}
