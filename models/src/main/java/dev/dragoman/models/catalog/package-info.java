/** Which models there are, where to get them, and the cache of those installed. */
@NullMarked
package dev.dragoman.models.catalog;

import org.jspecify.annotations.NullMarked;
