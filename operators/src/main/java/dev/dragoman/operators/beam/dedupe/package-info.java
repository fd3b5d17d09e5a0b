/** Finds duplicates among all documents of a graph. */
@NullMarked
package dev.dragoman.operators.beam.dedupe;

import org.jspecify.annotations.NullMarked;
