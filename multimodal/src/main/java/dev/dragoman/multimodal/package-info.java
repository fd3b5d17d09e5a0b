/** Placeholder. */
@NullMarked
package dev.dragoman.multimodal;

import org.jspecify.annotations.NullMarked;
