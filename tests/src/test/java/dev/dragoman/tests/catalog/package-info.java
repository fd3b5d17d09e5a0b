@NullMarked
package dev.dragoman.tests.catalog;

import org.jspecify.annotations.NullMarked;
