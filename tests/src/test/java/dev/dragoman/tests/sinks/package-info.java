/** The sinks of streams on a Flink that fails, and against real servers. */
@NullMarked
package dev.dragoman.tests.sinks;

import org.jspecify.annotations.NullMarked;
