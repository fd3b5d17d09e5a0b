/** What the processes of a cluster tell Prometheus. */
@NullMarked
package dev.dragoman.jobs.metrics;

import org.jspecify.annotations.NullMarked;
