/** Streams on real brokers, clusters and search servers, whose processes are killed. */
@NullMarked
package dev.dragoman.tests.stream;

import org.jspecify.annotations.NullMarked;
