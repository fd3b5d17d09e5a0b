/** How steps name what they count. */
@NullMarked
package dev.dragoman.operators.metrics;

import org.jspecify.annotations.NullMarked;
