/** Placeholder. */
@NullMarked
package dev.dragoman.connectors;

import org.jspecify.annotations.NullMarked;
