@NullMarked
package dev.dragoman.models.catalog;

import org.jspecify.annotations.NullMarked;
