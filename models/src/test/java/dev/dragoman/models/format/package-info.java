@NullMarked
package dev.dragoman.models.format;

import org.jspecify.annotations.NullMarked;
