/** Rows as JSON, the same for every sink. */
@NullMarked
package dev.dragoman.connectors.json;

import org.jspecify.annotations.NullMarked;
