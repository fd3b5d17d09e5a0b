/**
 * Speech: from samples to log-mel features, and from what a model says of them to words with times.
 */
@NullMarked
package dev.dragoman.models.speech;

import org.jspecify.annotations.NullMarked;
