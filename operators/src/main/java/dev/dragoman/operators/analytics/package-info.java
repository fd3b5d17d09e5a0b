/**
 * Windowed analytics and joins over streams and files alike: {@link
 * dev.dragoman.operators.analytics.Sql}, {@link dev.dragoman.operators.analytics.Trend}, {@link
 * dev.dragoman.operators.analytics.Alert} and {@link dev.dragoman.operators.analytics.Join}.
 *
 * <p>All go by event time, the timestamps of the documents, never by the clock: the same documents
 * give the same rows whether they come from a stream, in whatever order, or from files. State is
 * kept per group or key and is dropped when event time has passed what it is needed for.
 */
@NullMarked
package dev.dragoman.operators.analytics;

import org.jspecify.annotations.NullMarked;
