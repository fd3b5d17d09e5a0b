/** The dead letters of an output folder: listed, shown, and decoded to be run again. */
@NullMarked
package dev.dragoman.connectors.rejected;

import org.jspecify.annotations.NullMarked;
