package dev.dragoman.models;

/**
 * What a model says about a picture.
 *
 * @param score the mean of the log-probabilities of its tokens, the end included: 0 at best
 * @param tokens how many they are, the end included
 * @param finished whether the model ended it; otherwise it was cut off at its longest
 */
public record Description(String text, double score, int tokens, boolean finished) {}
