/**
 * Sources and sinks: what stands between files and the record.
 *
 * <p>{@code files} reads, {@code run} owns an output folder and commits it, {@code parquet} and
 * {@code index} write what is in it, {@code sql}, {@code index} and {@code rejected} read it back.
 */
@NullMarked
package dev.dragoman.connectors;

import org.jspecify.annotations.NullMarked;
