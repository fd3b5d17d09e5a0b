/** Placeholder. */
@NullMarked
package dev.dragoman.pipelines;

import org.jspecify.annotations.NullMarked;
