package dev.dragoman.multimodal.read;

/**
 * A piece of text in reading order.
 *
 * @param page counted from 1; 0 where the format has no pages
 * @param text plain text; blank lines separate paragraphs; empty for a page that has no text layer
 */
public record Passage(int page, String text) {}
