@NullMarked
package dev.dragoman.models.kernel;

import org.jspecify.annotations.NullMarked;
