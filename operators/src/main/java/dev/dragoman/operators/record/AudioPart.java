package dev.dragoman.operators.record;

/**
 * A sound.
 *
 * @param durationSeconds its length, NaN until something has decoded it
 */
public record AudioPart(PartId id, String mediaType, Content content, double durationSeconds)
    implements Part {}
