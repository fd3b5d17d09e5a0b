package dev.dragoman.models;

/**
 * A label and how well it fits.
 *
 * @param label as the model's {@code id2label} names it
 * @param score a probability from 0 to 1; for a regression the number itself
 */
public record Scored(String label, double score) {}
