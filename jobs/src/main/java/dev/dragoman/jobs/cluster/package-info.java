/** A Flink cluster of real processes on this machine, started from the jars of a class path. */
@NullMarked
package dev.dragoman.jobs.cluster;

import org.jspecify.annotations.NullMarked;
