/**
 * An output folder: who may write it, what is kept of a run that was killed, and how a finished run
 * becomes visible.
 *
 * <p>While a graph runs, {@link dev.dragoman.connectors.run.WriteEnriched} appends every finished
 * document to a journal under {@code .staging-*}. When the graph is done, {@link
 * dev.dragoman.connectors.run.OutputSession#commit} sorts the journal by document id, writes
 * tables, index and {@code run.json} beside it, and moves them into place. From the moment the file
 * {@code COMMIT} exists the moves can be finished by anybody; before it nothing is visible. What is
 * left of a killed run is its journal, which {@code --resume} takes over.
 */
@NullMarked
package dev.dragoman.connectors.run;

import org.jspecify.annotations.NullMarked;
