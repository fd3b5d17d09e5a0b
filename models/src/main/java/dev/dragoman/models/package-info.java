/** Placeholder. */
@NullMarked
package dev.dragoman.models;

import org.jspecify.annotations.NullMarked;
