/** Tests of generation. */
@NullMarked
package dev.dragoman.models.generate;

import org.jspecify.annotations.NullMarked;
