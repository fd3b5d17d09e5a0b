/** Makes the files in {@code samples/}; run it with {@code tests/samples/make.sh}. */
@NullMarked
package dev.dragoman.tests.samples;

import org.jspecify.annotations.NullMarked;
