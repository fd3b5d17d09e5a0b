package dev.dragoman.multimodal.speech;

/**
 * A word and when it was said.
 *
 * @param startSeconds from the start of the sound
 * @param endSeconds from the start of the sound
 * @param confidence 0 to 1
 */
public record SpokenWord(String text, double startSeconds, double endSeconds, double confidence) {}
