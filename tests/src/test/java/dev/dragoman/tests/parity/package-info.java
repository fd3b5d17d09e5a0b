/** The engine against its reference implementations, with real weights. */
@NullMarked
package dev.dragoman.tests.parity;

import org.jspecify.annotations.NullMarked;
