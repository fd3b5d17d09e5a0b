package dev.dragoman.multimodal.read;

/**
 * Something that could not be read in a file that otherwise could.
 *
 * @param code the name of a rejection code, such as {@code CORRUPT} or {@code TOO_LARGE}
 * @param entry path of the contained file that is missing from the result; empty if the problem is
 *     the file's own
 * @param message for a person
 */
public record Problem(String code, String entry, String message) {}
