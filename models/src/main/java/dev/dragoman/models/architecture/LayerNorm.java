package dev.dragoman.models.architecture;

/**
 * Gain and bias of a layer normalisation.
 *
 * @param gain [width]
 * @param bias [width]
 */
record LayerNorm(float[] gain, float[] bias) {}
