/** Placeholder. */
@NullMarked
package dev.dragoman.jobs;

import org.jspecify.annotations.NullMarked;
